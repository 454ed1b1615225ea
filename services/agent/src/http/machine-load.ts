import { cpus, freemem, loadavg, totalmem } from 'node:os';
import type { MachineLoad } from './agent-metrics.js';

/** Reads what the machine has and how busy it is. */
export function machineLoad(): MachineLoad {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return {
    cpus: cpus().length,
    load: [one, five, fifteen],
    memTotalBytes: totalmem(),
    memFreeBytes: freemem(),
  };
}
