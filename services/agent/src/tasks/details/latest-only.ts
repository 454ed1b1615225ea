/** Passes on values that come often: the first at once, after that the newest of each interval. */
export class LatestOnly<T> {
  private newest: { readonly value: T } | undefined;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly after: (delayMs: number, run: () => void) => () => void,
    private readonly pass: (value: T) => void,
  ) {}

  take(value: T): void {
    this.newest = { value };
    if (this.cancel === undefined) this.passNewest();
  }

  /** What was not passed on yet never will be. */
  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.newest = undefined;
  }

  private passNewest(): void {
    this.cancel = undefined;
    if (this.newest === undefined) return;
    const { value } = this.newest;
    this.newest = undefined;
    this.cancel = this.after(this.intervalMs, () => this.passNewest());
    this.pass(value);
  }
}
