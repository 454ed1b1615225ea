import { readCgroupFile } from '../cgroups/cgroup-file.js';
import { readProcessStat } from '../processes/process-identity.js';

/**
 * Whether a process is the `script` that a command has its terminal from: one that is on no terminal itself. Signals are for the command;
 * `script` would end at once, and the exit status would be lost.
 */
export const keepsTerminal = (pid: number): boolean =>
  readCgroupFile(`/proc/${pid}/comm`)?.trim() === 'script' && readProcessStat(pid)?.terminal === 0;
