import { setTimeout as delay } from 'node:timers/promises';
import { readCgroupFile } from './cgroup-file.js';
import { keepsTerminal } from '../terminal/keeps-terminal.js';
import { type CgroupTree, signalQuietly } from './cgroup-tree.js';

/** How long a container's first process may take to bring the command up before SIGTERM goes to it anyway. */
const RETRY_MS = 2;
const ATTEMPTS = 50;

/** The small programs that are a container's PID 1, by the names under which the kernel knows them. */
const INIT = /^(tini|tini-static|catatonit)$/;

/**
 * Signals all processes in a container's cgroup.
 *
 * Any but SIGKILL passes over the init, which would only pass it on to a command that has it already, and over an `unshare` that
 * waits outside the pid namespace and would take it down.
 *
 * @param pid the container's first process
 */
export async function signalContainer(
  cgroups: CgroupTree,
  id: string,
  pid: number,
  signal: NodeJS.Signals,
  hasTerminal: boolean,
): Promise<void> {
  if (signal === 'SIGKILL') return cgroups.kill(id);
  for (let attempt = 1; ; attempt++) {
    const members = cgroups.processes(id);
    const commands = members.filter((member) => !isHelper(member, pid) && !(hasTerminal && keepsTerminal(member)));
    // Alone, the first process may still be on its way to the init that it becomes; until then, being PID 1 of its
    // namespace, it loses every signal.
    const isStarting = commands.every((member) => member === pid) && members.includes(pid);
    if (isStarting && attempt < ATTEMPTS) {
      await delay(RETRY_MS);
      continue;
    }
    for (const target of commands.length > 0 ? commands : members) signalQuietly(target, signal);
    return;
  }
}

function isHelper(member: number, first: number): boolean {
  const command = readCgroupFile(`/proc/${member}/comm`)?.trim() ?? '';
  return member === first ? INIT.test(command) : command === 'unshare';
}
