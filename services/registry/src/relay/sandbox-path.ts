export type SandboxPath =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

/**
 * The path under which an agent serves a file of a task's sandbox, that of its executor's latest run.
 *
 * @param nestedTaskId set for a task of a group, whose sandbox is within that of its executor
 * @param relative as the client gave it, relative to the sandbox; empty is the sandbox itself
 * @returns a refusal for a path that would leave the sandbox or that no file system can have
 */
export function sandboxPath(
  { frameworkId, executorId, nestedTaskId }: { frameworkId: string; executorId: string; nestedTaskId?: string },
  relative: string,
): SandboxPath {
  if (relative.includes('\0')) return { ok: false, reason: 'a path cannot contain a zero byte' };
  const parts = relative.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { ok: false, reason: `path ${JSON.stringify(relative)} leaves the sandbox` };
  const base = `/frameworks/${frameworkId}/executors/${executorId}/runs/latest`;
  const within = nestedTaskId === undefined ? [] : ['tasks', nestedTaskId];
  return { ok: true, path: [base, ...within, ...parts].join('/') };
}
