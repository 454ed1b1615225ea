import type { FastifyInstance } from 'fastify';

/** For so long a client may go on sending a body that was answered already. */
const LINGER_MS = 30_000;

/**
 * Lets a client that is still sending its body read why it was refused: what comes is thrown away for a while.
 *
 * Closing at once, as Fastify does, resets the connection, and the client sees a broken pipe instead of the answer.
 */
export function discardRefusedBodies(fastify: FastifyInstance, lingerMs = LINGER_MS): void {
  fastify.addHook('onSend', async (request, reply) => {
    const { raw } = request;
    if (reply.statusCode < 400 || raw.complete || raw.destroyed) return;
    // Node drops the rest of the body itself and goes on with the next request, if the connection is kept.
    reply.removeHeader('connection');
    const limit = setTimeout(() => raw.destroy(), lingerMs).unref();
    raw.once('close', () => clearTimeout(limit)).resume();
  });
}
