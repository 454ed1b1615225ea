/** How often living containers are asked for OOM kills. A container whose init was killed is asked at its end, at once. */
const SWEEP_INTERVAL_MS = 500;

/**
 * Finds out when the kernel has killed a process of a container for want of memory while the container lives on.
 *
 * One timer reads one small file per container, about 10 µs each. It is the only way that works everywhere: Node cannot
 * make the eventfd that cgroup v1 signals with, and v1's files trigger no inotify.
 */
export class OomSweep {
  private readonly waiting = new Map<string, () => void>();
  private timer: NodeJS.Timeout | undefined;

  /** @param oomKills how many kills the container's cgroup counts; 0 when the cgroup is gone */
  constructor(private readonly oomKills: (id: string) => number) {}

  /** Settles with true at the first kill, with false when `stop` fires. */
  wait(id: string, stop: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (stop.aborted) {
        resolve(false);
        return;
      }
      const settle = (isKilled: boolean): void => {
        this.waiting.delete(id);
        this.stopWhenIdle();
        resolve(isKilled);
      };
      this.waiting.set(id, () => settle(true));
      stop.addEventListener('abort', () => settle(false), { once: true });
      this.timer ??= setInterval(() => this.sweep(), SWEEP_INTERVAL_MS).unref();
    });
  }

  /** Asks for every container now. */
  sweep(): void {
    for (const [id, found] of this.waiting) {
      if (this.oomKills(id) > 0) found();
    }
  }

  private stopWhenIdle(): void {
    if (this.waiting.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
