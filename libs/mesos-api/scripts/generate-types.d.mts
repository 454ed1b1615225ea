/** See generate-types.mjs. */
export function generateFiles(descriptor: unknown): Record<string, string>;
