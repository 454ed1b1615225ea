import { readCgroupFile } from './cgroup-file.js';
import { type CgroupTree, signalQuietly } from './cgroup-tree.js';

/** The small programs that are a container's PID 1, by the names under which the kernel knows them. */
const INIT = /^(tini|tini-static|catatonit)$/;

/**
 * Signals all processes in a container's cgroup.
 *
 * SIGTERM passes over the init, which would only pass it on to a command that has it already, and over an `unshare` that
 * waits outside the pid namespace and would take it down.
 *
 * @param pid the container's first process
 */
export async function signalContainer(
  cgroups: CgroupTree,
  id: string,
  pid: number,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  if (signal === 'SIGKILL') return cgroups.kill(id);
  const members = cgroups.processes(id);
  const commands = members.length > 1 ? members.filter((member) => !isHelper(member, pid)) : members;
  // Before the init has made its child it is all there is: it keeps the signal and passes it on.
  for (const target of commands.length > 0 ? commands : [pid]) signalQuietly(target, signal);
}

function isHelper(member: number, first: number): boolean {
  const command = readCgroupFile(`/proc/${member}/comm`)?.trim() ?? '';
  return member === first ? INIT.test(command) : command === 'unshare';
}
