import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { jsonDouble, objectOf } from '@tranche/mesos-api';

/** The machine that a process runs on. */
export interface MachineLoad {
  readonly cpus: number;
  /** Over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  readonly memTotalBytes: number;
  readonly memFreeBytes: number;
}

/** Reads what the machine has and how busy it is. */
export function machineLoad(): MachineLoad {
  const [minute = 0, fiveMinutes = 0, quarter = 0] = loadavg();
  return {
    cpus: cpus().length,
    load: [minute, fiveMinutes, quarter],
    memTotalBytes: totalmem(),
    memFreeBytes: freemem(),
  };
}

/** Body of `/system/stats.json`. @source classic endpoints §2 */
export function machineStats({ cpus: cpusTotal, load, memTotalBytes, memFreeBytes }: MachineLoad): string {
  const [minute, fiveMinutes, quarter] = load;
  return objectOf([
    ['avg_load_15min', jsonDouble(quarter)],
    ['avg_load_1min', jsonDouble(minute)],
    ['avg_load_5min', jsonDouble(fiveMinutes)],
    ['cpus_total', String(cpusTotal)],
    ['mem_free_bytes', String(memFreeBytes)],
    ['mem_total_bytes', String(memTotalBytes)],
  ]);
}
