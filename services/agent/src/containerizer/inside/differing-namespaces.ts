import { readlinkSync } from 'node:fs';

/** util-linux: how `nsenter` is told which namespace to enter. The mount namespace last: the paths before it are the agent's. */
const FLAGS = [
  ['pid', '--pid'],
  ['net', '--net'],
  ['ipc', '--ipc'],
  ['uts', '--uts'],
  ['mnt', '--mount'],
] as const;

export type NamespaceFile = (typeof FLAGS)[number][0];

/** Whether a process is in another namespace than the agent. False where there is no /proc. */
export function isInOther(pid: number, namespace: NamespaceFile): boolean {
  const [own, other] = ['self', pid].map((process) => linkOf(`/proc/${process}/ns/${namespace}`));
  return own !== undefined && other !== undefined && own !== other;
}

/** Flags of `nsenter` for the namespaces of a process that are not the agent's. */
export const enterFlags = (pid: number): string[] =>
  FLAGS.filter(([namespace]) => isInOther(pid, namespace)).map(([, flag]) => flag);

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
