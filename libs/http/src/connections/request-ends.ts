import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Watched {
  readonly over: () => void;
  isAnswered: boolean;
}

/**
 * Tells that nothing more comes of a request: its answer has left; or its client has gone, and its handler has answered all the same or taken
 * over the reply. Fastify's `onResponse` comes in the first case alone.
 *
 * A handler that works on for a client that has gone does so for itself: its request is not over yet. To be called behind what
 * works at `onSend`, if that is to be done by then.
 *
 * @returns has a request watched whose handler has not begun; `over` may be called more than once
 */
export function requestEnds(
  fastify: FastifyInstance,
): (request: FastifyRequest, reply: FastifyReply, over: () => void) => void {
  const all = new WeakMap<FastifyRequest, Watched>();
  fastify.addHook('onSend', (request, { raw }, _payload, done) => {
    const watched = all.get(request);
    if (watched !== undefined) {
      watched.isAnswered = true;
      if (raw.destroyed) watched.over();
    }
    done();
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    all.get(request)?.over();
    done();
  });
  return (request, reply, over) => {
    const watched: Watched = { over, isAnswered: false };
    all.set(request, watched);
    reply.raw.once('close', () => {
      if (watched.isAnswered || reply.sent) over();
    });
    const hijack = reply.hijack.bind(reply);
    reply.hijack = () => {
      if (reply.raw.destroyed) over();
      return hijack();
    };
  };
}
