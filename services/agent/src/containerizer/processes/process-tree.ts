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

/**
 * Lists a container's processes for statistics. Isolators that ask one after the other share one reading of /proc,
 * which takes some milliseconds.
 */
export class ProcessSurvey {
  private processes: readonly ProcessStat[] | undefined;

  /** @param read reads all processes of the machine */
  constructor(private readonly read: () => readonly ProcessStat[] = readProcesses) {}

  /** Processes of the tree as they were at most one turn of the event loop ago; none when its first one is gone. */
  list(root: number): ProcessStat[] {
    if (readProcessStat(root) === undefined) return [];
    if (this.processes === undefined) {
      this.processes = this.read();
      setImmediate(() => {
        this.processes = undefined;
      });
    }
    return selectTree(root, this.processes);
  }
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
