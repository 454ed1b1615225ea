import type { ReadRequest } from './read-chunk.js';

export type ReadQuery =
  | { readonly ok: true; readonly request: ReadRequest }
  | { readonly ok: false; readonly message: string };

/**
 * `offset` and `length` of `/files/read`; absent or -1 is none.
 *
 * @source classic endpoints: files; Mesos' texts
 */
export function parseReadQuery(query: Readonly<Record<string, string | undefined>>): ReadQuery {
  const offset = parse('offset', query['offset']);
  if (typeof offset === 'string') return { ok: false, message: offset };
  const length = parse('length', query['length']);
  if (typeof length === 'string') return { ok: false, message: length };
  return {
    ok: true,
    request: { ...(offset === undefined ? {} : { offset }), ...(length === undefined ? {} : { length }) },
  };
}

/** @returns the number, undefined for none, or the refusal's text */
function parse(name: string, text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value)) {
    return `Failed to parse ${name}: Failed to convert '${text}' to number.\n`;
  }
  if (value < -1) return `Negative ${name} provided: ${value}.\n`;
  return value === -1 ? undefined : value;
}
