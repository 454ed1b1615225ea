import { readdirSync } from 'node:fs';
import { type ProcessStat, readProcessStat } from './process-identity.js';

/**
 * The processes of a container that has neither a pid namespace nor a cgroup: everything that descends from its first
 * process or is in its session. Pure.
 *
 * A process that made a session of its own and lost its parent is no longer found: without a cgroup nothing tells whose
 * it was.
 */
export function selectTree(root: number, processes: readonly ProcessStat[]): ProcessStat[] {
  const children = new Map<number, ProcessStat[]>();
  for (const process of processes) {
    const siblings = children.get(process.parent);
    if (siblings === undefined) children.set(process.parent, [process]);
    else siblings.push(process);
  }
  const members = new Map<number, ProcessStat>();
  const add = (process: ProcessStat): void => {
    if (members.has(process.pid)) return;
    members.set(process.pid, process);
    for (const child of children.get(process.pid) ?? []) add(child);
  };
  for (const process of processes) {
    if (process.pid === root || process.session === root) add(process);
  }
  return [...members.values()];
}

/** All processes of the machine, zombies left out. Empty where there is no /proc. */
export function readProcesses(): ProcessStat[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcessStat(Number(name)))
    .filter((stat) => stat !== undefined)
    .filter((stat) => stat.state !== 'Z');
}
