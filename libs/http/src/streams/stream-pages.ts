import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@tranche/contracts';
import { ListChanges } from './list-changes.js';
import { lastEventId, type SseStream, type StreamAsked } from './sse-stream.js';

/** Looks immediate to people. */
const INTERVAL_MS = 500;

/** A list that takes long is looked at less often: a stream costs its service at most a twentieth of one processor. */
const REST_PER_WORK = 20;

export interface StreamedList {
  /** The process that counts `asOf`. */
  readonly source: string;
  readonly request: StreamAsked;
  readonly first: Page<object>;
  /** The page as it is now. */
  readonly ask: () => Promise<unknown>;
  readonly open: (onEnd: () => void) => SseStream;
}

/**
 * A page of a list, then what changes in it. Resolves when the client has gone, or the list cannot be had any more.
 *
 * The list is asked for again and compared with what the client has: no list has to tell of its changes. What costs that is bounded by the
 * page and by `REST_PER_WORK`.
 */
export async function streamPages({ source, request, first, ask, open }: StreamedList): Promise<void> {
  const stop = new AbortController();
  const stream = open(() => stop.abort());
  const changes = new ListChanges(source);
  const seen = lastEventId(request);
  const resumed = seen === undefined ? undefined : changes.resume(first, seen);
  const reset = seen === undefined ? [] : [{ event: 'reset', data: {} }];
  stream.sendSnapshot(resumed ?? [...reset, ...changes.begin(first)]);
  await follow(stream, changes, ask, stop.signal);
}

async function follow(
  stream: SseStream,
  changes: ListChanges,
  ask: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  let restMs = INTERVAL_MS;
  try {
    while (!stream.isClosed) {
      await sleep(restMs, undefined, { signal, ref: false });
      const startMs = performance.now();
      const page = await ask();
      if (!isPage(page)) break;
      stream.send(changes.next(page));
      restMs = Math.max(INTERVAL_MS, (performance.now() - startMs) * REST_PER_WORK);
    }
  } catch {
    // The client has gone, or the list cannot be had now: it comes back, and is told anew.
  }
  stream.end();
}

export const isPage = (value: unknown): value is Page<object> =>
  typeof value === 'object' && value !== null && 'asOf' in value && Array.isArray((value as { items?: unknown }).items);
