/** What has been counted of one framework since this life of the service began. */
export interface FrameworkCounts {
  name: string;
  readonly calls: Counter;
  readonly events: Counter;
  readonly offers: Counter;
  readonly operations: Counter;
}

export const newFrameworkCounts = (name: string): FrameworkCounts => ({
  name,
  calls: new Counter(),
  events: new Counter(),
  offers: new Counter(),
  operations: new Counter(),
});

/** How often things happened, by their names. */
export class Counter {
  private readonly counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  get(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  all(): Iterable<[name: string, count: number]> {
    return this.counts.entries();
  }

  get sum(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
