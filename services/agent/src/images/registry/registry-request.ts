import { type CancelTimer, inHttpClientSpan, targetOf, type TimerClock } from '@tranche/telemetry';
import { ImageError } from '../image.errors.js';

/** An answer whose body is still to be read, or to be discarded. */
export interface Answer {
  readonly status: number;
  header(name: string): string | undefined;
  /** All of the body. @throws ImageError when it is longer, or breaks off */
  bytes(max: number): Promise<Buffer>;
  /** The body piece by piece. @throws ImageError when it breaks off or stalls */
  chunks(): AsyncGenerator<Buffer>;
  discard(): void;
}

/**
 * Sends a GET and follows redirects; what identifies the agent is not sent to another host than the first.
 *
 * @param signal whoever ends it gets its reason thrown
 * @throws ImageError unreachable: no connection, no answer, or silence for too long
 */
export const ask = (
  url: string,
  headers: Readonly<Record<string, string>>,
  terms: { readonly stallTimeoutMs: number; readonly clock: TimerClock },
  signal: AbortSignal,
): Promise<Answer> =>
  inHttpClientSpan('GET', targetOf(url), async (asking) => {
    const answer = await send(url, { ...headers, ...asking.headers }, terms, signal);
    asking.answered(answer.status);
    return answer;
  });

async function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  { stallTimeoutMs, clock }: { readonly stallTimeoutMs: number; readonly clock: TimerClock },
  signal: AbortSignal,
): Promise<Answer> {
  const patience = new Patience(new URL(url).origin, stallTimeoutMs, clock, signal);
  patience.begin();
  try {
    const response = await fetch(url, {
      // As it is stored: no encoding to be undone, so that digests and ranges are those of the bytes that come.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'tranche-agent', ...headers },
      signal: patience.signal,
    });
    patience.end();
    return answerOf(response, patience);
  } catch (error) {
    throw patience.faultOf(error);
  }
}

/** Waits for a registry, but not for ever. */
class Patience {
  private readonly stalled = new AbortController();
  private cancel: CancelTimer | undefined;

  constructor(
    readonly origin: string,
    private readonly timeoutMs: number,
    private readonly clock: TimerClock,
    private readonly wanted: AbortSignal,
  ) {}

  get signal(): AbortSignal {
    return AbortSignal.any([this.wanted, this.stalled.signal]);
  }

  begin(): void {
    this.end();
    this.cancel = this.clock.after(this.timeoutMs, () => this.stalled.abort());
  }

  end(): void {
    this.cancel?.();
  }

  /** What is to be thrown for what a request or its body has thrown. */
  faultOf(error: unknown): unknown {
    this.end();
    if (this.wanted.aborted) return this.wanted.reason;
    const why = this.stalled.signal.aborted ? `no progress for ${this.timeoutMs / 1000} s` : wordsOf(error);
    return new ImageError('unreachable', `${this.origin} cannot be reached: ${why}`, { cause: error });
  }
}

function answerOf(response: Response, patience: Patience): Answer {
  const chunks = (): AsyncGenerator<Buffer> => chunksOf(response, patience);
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    chunks,
    bytes: async (max) => {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of chunks()) {
        length += part.length;
        if (length > max)
          throw new ImageError('bad-answer', `${patience.origin} sends more than ${max} bytes for a document`);
        parts.push(part);
      }
      return Buffer.concat(parts);
    },
    discard: () => {
      response.body?.cancel().catch(() => undefined);
    },
  };
}

async function* chunksOf({ body }: Response, patience: Patience): AsyncGenerator<Buffer> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  let isDone = false;
  try {
    for (;;) {
      patience.begin();
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw patience.faultOf(error);
      });
      patience.end();
      if (done) {
        isDone = true;
        return;
      }
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  } finally {
    // Who does not read on does not want the rest.
    if (!isDone) reader.cancel().catch(() => undefined);
  }
}

/** fetch says `fetch failed`, and why in its cause; several addresses fail with an error of errors. */
function wordsOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error & { code?: string; errors?: readonly Error[] } };
  return cause?.errors?.[0]?.message || cause?.message || cause?.code || message;
}
