import type { LogRecord, SpanAttributes, SpanRecord, TelemetrySink } from './span.js';
import { ATTRIBUTE } from './span-names.js';

/** What a record costs in memory beside its texts, about: objects, times, references. */
const RECORD_BYTES = 280;
/** A character of text and a reference. */
const CHARACTER_BYTES = 1;
const REFERENCE_BYTES = 16;

/** One trace may have this many spans and as many log lines here: an ACCEPT of a thousand tasks has ten each. */
const MAX_RECORDS_OF_TRACE = 20_000;

/** From this long on a span makes its trace one that is kept. */
const SLOW_MS = 1_000;

/** A minor span is kept from this long on. */
const MINOR_SLOW_MS = 100;

/** An entry goes to the end of its row when something came so much later than what it has. */
const RENEW_AFTER_MS = 1_000;

/** Shares of the ring, of 8: what has less than its share is not made to go by what has more. */
const SHARES = { background: 1, tasks: 3, notable: 4 } as const;
type Rank = keyof typeof SHARES;
const RANKS = Object.keys(SHARES) as Rank[];

interface Entry {
  readonly traceId: string;
  rank: Rank;
  readonly spans: SpanRecord[];
  readonly logs: LogRecord[];
  bytes: number;
  /** Beginning of its first record: everything since then is here. */
  readonly sinceMs: number;
  touchedMs: number;
  /** Records that had no room in the trace. */
  dropped: number;
}

interface Time {
  readonly startMs: number;
  readonly endMs: number;
}

/** What one service still has of one trace. */
export interface TracePart {
  readonly traceId: string;
  readonly spans: readonly SpanRecord[];
  readonly logs: readonly LogRecord[];
  /** Records of the trace that had no room. */
  readonly dropped: number;
  /** What began before this may have been forgotten; milliseconds since the epoch. */
  readonly completeSinceMs: number;
}

/** What `list` selects. */
export interface TraceFilter {
  /** Only traces with a span of at least this length. */
  readonly slowMs?: number;
  /** Only traces with a failure. */
  readonly error?: boolean;
  readonly limit: number;
}

/** One trace of the list. */
export interface TraceSummary {
  readonly traceId: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Longest span. */
  readonly longestMs: number;
  readonly spans: number;
  /** First failure. */
  readonly error?: string;
  /** Name of its first span, with what tells most about it. */
  readonly name: string;
  readonly attributes: SpanAttributes;
}

/**
 * The spans and log lines that a service has made last, within a bound of memory, by trace.
 *
 * When it is full, traces go as wholes, the oldest first: of those that are about no task and went well, then of those of tasks that went
 * well, and only then of those that failed or were slow; each of these three keeps a share of the room.
 */
export class TraceRing implements TelemetrySink {
  private readonly rows: Record<Rank, Map<string, Entry>> = {
    background: new Map(),
    tasks: new Map(),
    notable: new Map(),
  };
  private readonly bytes: Record<Rank, number> = { background: 0, tasks: 0, notable: 0 };
  /** Newest time of a trace of tasks that had to go: whatever is older may be missing. */
  private forgottenMs: number | undefined;

  /**
   * @param limitBytes about how much memory it may take
   * @param startedMs since when it keeps anything at all
   */
  constructor(
    readonly limitBytes: number,
    private readonly startedMs: number,
  ) {}

  span(record: SpanRecord): void {
    const lengthMs = record.endMs - record.startMs;
    if (record.isMinor && record.error === undefined && lengthMs < MINOR_SLOW_MS) return;
    const rank = rankOf(record, lengthMs);
    const { startMs, endMs } = record;
    this.keep(record.traceId, { startMs, endMs }, rank, (entry) => {
      entry.spans.push(record);
      return sizeOfSpan(record);
    });
    for (const { traceId } of record.links) {
      if (traceId === record.traceId) continue;
      this.keep(traceId, { startMs, endMs }, rank, (entry) => {
        entry.spans.push(record);
        return REFERENCE_BYTES;
      });
    }
  }

  log(record: LogRecord): void {
    if (record.traceId === '') return;
    const time = { startMs: record.timeMs, endMs: record.timeMs };
    this.keep(record.traceId, time, record.level === 'error' ? 'notable' : 'background', (entry) => {
      entry.logs.push(record);
      return sizeOfLog(record);
    });
  }

  /** Everything that began before this may be incomplete here. Milliseconds since the epoch. */
  get completeSinceMs(): number {
    return Math.max(this.startedMs, this.forgottenMs ?? 0);
  }

  /** @param prefix trace id or the beginning of one. @returns undefined when nothing, or more than one trace, begins with it */
  find(prefix: string): TracePart | undefined {
    for (const rank of RANKS) {
      const exact = this.rows[rank].get(prefix);
      if (exact !== undefined) return this.partOf(exact);
    }
    const found = [...this.entries()].filter(({ traceId }) => traceId.startsWith(prefix));
    return found.length === 1 && found[0] !== undefined ? this.partOf(found[0]) : undefined;
  }

  /** Newest first; without a filter only those of calls and tasks, failed and slow ones, not what goes on in the background. */
  list({ slowMs, error, limit }: TraceFilter): TraceSummary[] {
    const hasFilter = slowMs !== undefined || error === true;
    const all = [...this.entries()]
      .filter(({ rank }) => hasFilter || rank !== 'background')
      .filter(({ spans }) => spans.length > 0)
      .map(summaryOf);
    return all
      .filter(
        (trace) => (slowMs === undefined || trace.longestMs >= slowMs) && (error !== true || trace.error !== undefined),
      )
      .toSorted((a, b) => b.endMs - a.endMs)
      .slice(0, limit);
  }

  /** About how much memory it takes. */
  get usedBytes(): number {
    return RANKS.reduce((sum, rank) => sum + this.bytes[rank], 0);
  }

  private partOf({ traceId, spans, logs, dropped, sinceMs }: Entry): TracePart {
    return { traceId, spans, logs, dropped, completeSinceMs: Math.min(sinceMs, this.completeSinceMs) };
  }

  private *entries(): Generator<Entry> {
    for (const rank of RANKS) yield* this.rows[rank].values();
  }

  private keep(traceId: string, time: Time, rank: Rank, add: (entry: Entry) => number): void {
    const entry = this.entryFor(traceId, time, rank);
    if (entry.spans.length + entry.logs.length >= MAX_RECORDS_OF_TRACE) {
      entry.dropped += 1;
      return;
    }
    const bytes = add(entry);
    entry.bytes += bytes;
    this.bytes[entry.rank] += bytes;
    while (this.usedBytes > this.limitBytes) this.forgetOne();
  }

  private entryFor(traceId: string, { startMs, endMs: timeMs }: Time, rank: Rank): Entry {
    const known = this.rows.tasks.get(traceId) ?? this.rows.notable.get(traceId) ?? this.rows.background.get(traceId);
    if (known === undefined) {
      const entry: Entry = {
        traceId,
        rank,
        spans: [],
        logs: [],
        bytes: REFERENCE_BYTES,
        sinceMs: startMs,
        touchedMs: timeMs,
        dropped: 0,
      };
      this.rows[rank].set(traceId, entry);
      this.bytes[rank] += entry.bytes;
      return entry;
    }
    const rises = RANKS.indexOf(rank) > RANKS.indexOf(known.rank);
    if (rises || timeMs - known.touchedMs > RENEW_AFTER_MS) {
      this.rows[known.rank].delete(traceId);
      this.bytes[known.rank] -= known.bytes;
      if (rises) known.rank = rank;
      known.touchedMs = Math.max(known.touchedMs, timeMs);
      this.rows[known.rank].set(traceId, known);
      this.bytes[known.rank] += known.bytes;
    }
    return known;
  }

  private forgetOne(): void {
    const overShare = RANKS.find((rank) => this.bytes[rank] > (this.limitBytes * SHARES[rank]) / 8);
    const rank = overShare ?? 'background';
    const [oldest] = this.rows[rank].values();
    if (oldest === undefined) return;
    this.rows[rank].delete(oldest.traceId);
    this.bytes[rank] -= oldest.bytes;
    if (rank !== 'background') this.forgottenMs = Math.max(this.forgottenMs ?? 0, oldest.touchedMs);
  }
}

function rankOf({ error, attributes }: SpanRecord, lengthMs: number): Rank {
  if (error !== undefined || lengthMs >= SLOW_MS) return 'notable';
  return attributes[ATTRIBUTE.taskId] === undefined && attributes[ATTRIBUTE.tasks] === undefined
    ? 'background'
    : 'tasks';
}

function sizeOfSpan({ name, attributes, links }: SpanRecord): number {
  let characters = name.length;
  for (const key in attributes) characters += key.length + sizeOfValue(attributes[key]);
  return RECORD_BYTES + characters * CHARACTER_BYTES + links.length * REFERENCE_BYTES;
}

function sizeOfLog({ message, fields }: LogRecord): number {
  let characters = message.length;
  for (const key in fields) characters += key.length + sizeOfValue(fields[key]);
  return RECORD_BYTES + characters * CHARACTER_BYTES;
}

const sizeOfValue = (value: unknown): number =>
  typeof value === 'string' ? value.length + REFERENCE_BYTES : REFERENCE_BYTES;

function summaryOf({ traceId, spans }: Entry): TraceSummary {
  const first = spans.reduce((earliest, span) => (span.startMs < earliest.startMs ? span : earliest));
  const failed = spans.find(({ error }) => error !== undefined);
  const told = spans.find(({ attributes }) => attributes[ATTRIBUTE.taskId] !== undefined);
  return {
    traceId,
    startMs: first.startMs,
    endMs: spans.reduce((latest, { endMs }) => Math.max(latest, endMs), 0),
    longestMs: spans.reduce((longest, { startMs, endMs }) => Math.max(longest, endMs - startMs), 0),
    spans: spans.length,
    ...(failed?.error === undefined ? {} : { error: failed.error }),
    name: first.name,
    attributes: { ...told?.attributes, ...first.attributes },
  };
}
