import { randomUUID } from 'node:crypto';
import type { Logger } from '@tranche/telemetry';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstValueFrom, from, type Observable } from 'rxjs';
import { isPage, streamPages } from './stream-pages.js';
import { SseStream, wantsStream } from './sse-stream.js';

/** What the streams of a service have in common. */
export interface StreamOrigin {
  /** Who counts the changes of its lists. */
  readonly source: string;
  readonly logger: Pick<Logger, 'info'>;
}

/** Any list of `/v1` with `Accept: text/event-stream`: its page, then what changes in it. */
export class StreamLists implements NestInterceptor {
  private readonly origin: StreamOrigin;

  constructor(service: string, logger: StreamOrigin['logger']) {
    this.origin = { source: sourceOf(service), logger };
  }

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    // Messages of the mesh come through here too.
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'GET' || !request.url.startsWith('/v1/')) return next.handle();
    const ask = () => firstValueFrom(next.handle(), { defaultValue: undefined });
    return from(answerList(this.origin, request, context.switchToHttp().getResponse<FastifyReply>(), ask));
  }
}

/** Who counts the changes of the lists of a process: numbers of another one mean nothing here. */
export const sourceOf = (service: string): string => `${service}-${randomUUID().slice(0, 8)}`;

/**
 * Answers with what is asked for: as it is, or, where that is a page and the client wants a stream, as it changes.
 *
 * @returns undefined when the answer was a stream, which has ended
 */
export async function answerList(
  { source, logger }: StreamOrigin,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: () => Promise<unknown>,
): Promise<unknown> {
  const first = await ask();
  if (!wantsStream(request) || !isPage(first)) return first;
  await streamPages({ source, request, first, ask, open: (onEnd) => SseStream.of(reply, logger, onEnd) });
  return undefined;
}
