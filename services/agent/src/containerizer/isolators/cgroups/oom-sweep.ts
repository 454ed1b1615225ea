import { readCgroupTable } from '../../cgroups/cgroup-file.js';

/** How often living containers are asked for OOM kills. A container whose init was killed is asked at its end, at once. */
const SWEEP_INTERVAL_MS = 500;

/**
 * Finds out when the kernel has killed a process of a container for want of memory while the container lives on.
 *
 * One timer asks the kernel how often it has killed on the whole machine, and each container, about 15 µs, only when that has changed. It
 * is the only way that works everywhere: Node cannot make the eventfd that cgroup v1 signals with, and v1's files trigger no inotify.
 */
export class OomSweep {
  private readonly waiting = new Map<string, () => void>();
  /** Those that have not been asked yet: a kill may be older than the watch. */
  private readonly unasked = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private killsBefore: number | undefined;
  private isUnsettled = false;

  /**
   * @param oomKills how many kills the container's cgroup counts; 0 when the cgroup is gone
   * @param killsOfMachine how many kills the kernel counts; undefined where it does not tell: then each container is asked every time
   */
  constructor(
    private readonly oomKills: (id: string) => number,
    private readonly killsOfMachine: () => number | undefined = readMachineKills,
  ) {}

  /** Settles with true at the first kill, with false when `stop` fires. */
  wait(id: string, stop: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (stop.aborted) {
        resolve(false);
        return;
      }
      const settle = (isKilled: boolean): void => {
        this.waiting.delete(id);
        this.unasked.delete(id);
        this.stopWhenIdle();
        resolve(isKilled);
      };
      this.waiting.set(id, () => settle(true));
      this.unasked.add(id);
      stop.addEventListener('abort', () => settle(false), { once: true });
      this.timer ??= setInterval(() => this.sweep(), SWEEP_INTERVAL_MS).unref();
    });
  }

  /** Asks for every container that can have something to tell. */
  sweep(): void {
    const doubtful = this.hasNews() ? [...this.waiting.keys()] : [...this.unasked];
    this.unasked.clear();
    for (const id of doubtful) if (this.oomKills(id) > 0) this.waiting.get(id)?.();
  }

  /** The machine's count is raised a moment before the cgroup's: a change is followed up once more. */
  private hasNews(): boolean {
    const kills = this.killsOfMachine();
    const wasUnsettled = this.isUnsettled;
    this.isUnsettled = kills === undefined || kills !== this.killsBefore;
    this.killsBefore = kills;
    return this.isUnsettled || wasUnsettled;
  }

  private stopWhenIdle(): void {
    if (this.waiting.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** Kills for want of memory, in cgroups and outside, since boot. @source Linux 4.13: mm/oom_kill.c, OOM_KILL */
function readMachineKills(): number | undefined {
  return readCgroupTable('/proc/vmstat').get('oom_kill');
}
