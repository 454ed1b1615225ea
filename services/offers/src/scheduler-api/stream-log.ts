import type { CallView } from '@tranche/contracts';

/** Kept of each framework: what a scheduler's author looks for has happened just now. */
const MAX_ENTRIES = 500;
/** Frameworks of which something is kept: together at most some 50 MB, when all of them call. */
const MAX_FRAMEWORKS = 1_000;

export type NewEntry = Omit<CallView, 'id' | 'at'>;

interface Entry extends NewEntry {
  readonly number: number;
  readonly atMs: number;
}

/** The latest calls of each framework, and the events that it was sent. */
export class StreamLog {
  /** The one that was noted last is last. */
  private readonly entries = new Map<string, Entry[]>();
  private count = 0;

  constructor(
    private readonly nowMs: () => number,
    private readonly maxEntries = MAX_ENTRIES,
    private readonly maxFrameworks = MAX_FRAMEWORKS,
  ) {}

  /** Number of the newest entry. */
  get newest(): number {
    return this.count;
  }

  note(frameworkId: string, entry: NewEntry): void {
    const known = this.entries.get(frameworkId) ?? [];
    known.push({ ...entry, number: ++this.count, atMs: this.nowMs() });
    // In larger pieces: to take each oldest one away by itself would move all others each time.
    if (known.length > this.maxEntries * 2) known.splice(0, known.length - this.maxEntries);
    this.entries.delete(frameworkId);
    this.entries.set(frameworkId, known);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.maxFrameworks && oldest !== undefined) this.entries.delete(oldest);
  }

  /** Oldest first. */
  of(frameworkId: string): (CallView & { readonly number: number })[] {
    const kept = this.entries.get(frameworkId)?.slice(-this.maxEntries) ?? [];
    return kept.map(({ atMs, ...entry }) => ({
      ...entry,
      id: String(entry.number),
      at: new Date(atMs).toISOString(),
    }));
  }
}
