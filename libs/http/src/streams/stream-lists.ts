import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Page } from '@tranche/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstValueFrom, from, type Observable } from 'rxjs';
import { ListChanges } from './list-changes.js';
import { lastEventId, SseStream, wantsStream } from './sse-stream.js';

/** Looks immediate to people. */
const INTERVAL_MS = 500;

/** A list that takes long is looked at less often: a stream costs its service at most a twentieth of one processor. */
const REST_PER_WORK = 20;

/**
 * Any list of `/v1` with `Accept: text/event-stream`: its page, then what changes in it.
 *
 * The list is asked for again and compared with what the client has: no list has to tell of its changes. What costs that is bounded by the
 * page and by `REST_PER_WORK`.
 */
export class StreamLists implements NestInterceptor {
  private readonly source: string;

  constructor(service: string) {
    this.source = `${service}-${randomUUID().slice(0, 8)}`;
  }

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    // Messages of the mesh come through here too.
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'GET' || !request.url.startsWith('/v1/') || !wantsStream(request)) return next.handle();
    const ask = () => firstValueFrom(next.handle(), { defaultValue: undefined });
    return from(this.answer(request, context.switchToHttp().getResponse<FastifyReply>(), ask));
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, ask: () => Promise<unknown>): Promise<unknown> {
    const first = await ask();
    if (!isPage(first)) return first;
    const stop = new AbortController();
    const stream = new SseStream(reply, () => stop.abort());
    const changes = new ListChanges(this.source);
    const seen = lastEventId(request);
    const resumed = seen === undefined ? undefined : changes.resume(first, seen);
    const reset = seen === undefined ? [] : [{ event: 'reset', data: {} }];
    stream.sendSnapshot(resumed ?? [...reset, ...changes.begin(first)]);
    await follow(stream, changes, ask, stop.signal);
    return undefined;
  }
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

const isPage = (value: unknown): value is Page<object> =>
  typeof value === 'object' && value !== null && 'asOf' in value && Array.isArray((value as { items?: unknown }).items);
