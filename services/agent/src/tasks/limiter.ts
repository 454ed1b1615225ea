/** Lets only so many things happen at a time; the rest wait in order. */
export class Limiter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly idlers: (() => void)[] = [];

  /** @param limit at least 1 */
  constructor(private readonly limit: number) {}

  /** @returns what `job` returns, when its turn has come. @throws what it throws */
  async run<T>(job: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await job();
    } finally {
      this.leave();
    }
  }

  /** For use within a job: gives its place to others while it waits for something that does not strain the machine. */
  async outside<T>(wait: () => Promise<T>): Promise<T> {
    this.leave();
    try {
      return await wait();
    } finally {
      await this.enter();
    }
  }

  /** Settles when nothing happens and nothing waits. */
  idle(): Promise<void> {
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.idlers.push(resolve));
  }

  private async enter(): Promise<void> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
  }

  private leave(): void {
    // The place is handed on, not freed: a newcomer cannot overtake those who wait.
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
    if (this.running === 0) for (const wake of this.idlers.splice(0)) wake();
  }
}
