import { readFileSync } from 'node:fs';

/** Tells one process from all others that ever had its pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks from boot to the start of the process. */
  readonly startTicks: string;
}

/** One line of /proc/PID/stat. */
export interface ProcessStat {
  readonly pid: number;
  /** `R`, `S`, `D`, `T`, `Z` … */
  readonly state: string;
  readonly parent: number;
  readonly session: number;
  /** Device number of the terminal that controls it, 0 for none. */
  readonly terminal: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly threads: number;
  readonly startTicks: string;
  readonly rssPages: number;
}

/**
 * @param text /proc/PID/stat; the command name in parentheses may hold anything, so fields count from the last `)`
 * @source proc_pid_stat(5)
 */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (close < 0 || state === undefined || startTicks === undefined) return undefined;
  return {
    pid: Number.parseInt(text, 10),
    state,
    parent: Number(fields[1]),
    session: Number(fields[3]),
    terminal: Number(fields[4]),
    userTicks: Number(fields[11]),
    systemTicks: Number(fields[12]),
    threads: Number(fields[17]),
    startTicks,
    rssPages: Number(fields[21]),
  };
}

/** Undefined when there is no such process, or no /proc. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether the very process still runs. A zombie has ended: its parent may take its time to notice. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readProcessStat(identity.pid);
  if (stat === undefined) return identity.startTicks === '' && doesExist(identity.pid);
  return stat.startTicks === identity.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

/** Whether any process has this pid, zombies included. All there is to go by on systems without /proc. */
export function doesExist(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Changes at every boot of the machine; empty where the system does not tell. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
