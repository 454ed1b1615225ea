import type { KeptAnswer } from '../request-store.port.js';

/** As long a client may come back with its key. @source product §7 */
export const KEEP_MS = 24 * 3_600_000;

/** All answers together; beyond, the oldest are forgotten. */
const MAX_BYTES = 32 << 20;

/** What an answer needs besides its bytes: some hundred bytes of headers and bookkeeping. */
const OVERHEAD_BYTES = 512;

interface Entry {
  /** What was asked: method, path, query and body. */
  readonly asked: string;
  readonly atMs: number;
  answer?: KeptAnswer;
}

/** What is known of a key: nothing until now · its first answer · that it was used for something else · that its request is not answered yet. */
export type KnownKey = 'new' | KeptAnswer | 'other-request' | 'in-progress';

/** The first answers to requests with an `Idempotency-Key`. Bounded in time and bytes. */
export class KeptAnswers {
  /** Oldest first. */
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** @param asked says what the request asks for; the same for a repetition. What is new is in progress from now on. */
  begin(key: string, asked: string, nowMs: number): KnownKey {
    this.forgetOld(nowMs);
    const known = this.entries.get(key);
    if (known !== undefined) return known.asked === asked ? (known.answer ?? 'in-progress') : 'other-request';
    this.entries.set(key, { asked, atMs: nowMs });
    return 'new';
  }

  keep(key: string, answer: KeptAnswer): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    entry.answer = answer;
    this.bytes += sizeOf(answer);
    for (const [oldest, { answer: kept }] of this.entries) {
      if (this.bytes <= this.maxBytes) break;
      if (kept !== undefined) this.forget(oldest);
    }
  }

  /** The request had no effect, or its answer cannot be kept: it may be sent again. */
  forget(key: string): void {
    const { answer } = this.entries.get(key) ?? {};
    if (answer !== undefined) this.bytes -= sizeOf(answer);
    this.entries.delete(key);
  }

  private forgetOld(nowMs: number): void {
    for (const [oldest, { atMs }] of this.entries) {
      if (atMs + KEEP_MS > nowMs) break;
      this.forget(oldest);
    }
  }
}

const sizeOf = ({ body }: KeptAnswer): number => Buffer.byteLength(body) + OVERHEAD_BYTES;
