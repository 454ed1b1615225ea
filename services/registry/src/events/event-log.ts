import { randomUUID } from 'node:crypto';
import type { EventView } from '@tranche/contracts';

/** Kept for those who ask later or come back: some minutes of a busy cluster, days of a quiet one. About 4 MB. */
const MAX_EVENTS = 10_000;

export type NewEvent = Omit<EventView, 'number' | 'at'>;

/** Hears every event; `undefined`: events were missed, and what was known is void. */
export type EventListener = (event: EventView | undefined) => void;

/** The latest events of the cluster by number, and who follows them. */
export class EventLog {
  private readonly events: EventView[] = [];
  private readonly listeners = new Set<EventListener>();
  private source = newSource();
  private count = 0;

  constructor(
    private readonly nowMs: () => number,
    private readonly maxEvents = MAX_EVENTS,
  ) {}

  /** Number of the newest event; 0 before the first. */
  get newest(): number {
    return this.count;
  }

  /** Oldest first. */
  get kept(): readonly EventView[] {
    return this.events;
  }

  add(event: NewEvent): void {
    const numbered = { number: ++this.count, at: new Date(this.nowMs()).toISOString(), ...event };
    this.events.push(numbered);
    // In larger pieces: to take each oldest one away by itself would move all others each time.
    if (this.events.length > this.maxEvents * 1.1) this.events.splice(0, this.events.length - this.maxEvents);
    for (const listener of this.listeners) listener(numbered);
  }

  /** Events were missed: whoever follows begins anew. */
  lose(): void {
    this.source = newSource();
    for (const listener of this.listeners) listener(undefined);
  }

  /** What a client says when it comes back: all up to this number was seen. */
  idOf(number: number): string {
    return `${this.source}:${number}`;
  }

  /** What was told since. @returns undefined when that cannot be said: an id of other times, or too old */
  since(id: string): readonly EventView[] | undefined {
    const [, source, digits] = /^(.+):(\d+)$/.exec(id) ?? [];
    const number = Number(digits);
    if (source !== this.source || number > this.count) return undefined;
    const oldest = this.events[0]?.number ?? this.count + 1;
    return number + 1 < oldest ? undefined : this.events.slice(number + 1 - oldest);
  }

  /** @returns ends it */
  follow(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

const newSource = (): string => `registry-${randomUUID().slice(0, 8)}`;
