import { Readable } from 'node:stream';
import type { Logger } from '@tranche/telemetry';
import type { FastifyInstance } from 'fastify';

/**
 * Logs why a streamed answer is broken off: its head has left, so that its client sees no more than a connection that is reset.
 *
 * A client that leaves is no error.
 */
export function tellBrokenAnswers(fastify: FastifyInstance, logger: Pick<Logger, 'warn'>): void {
  fastify.addHook('onSend', async ({ method, url }, { raw }, payload) => {
    if (!(payload instanceof Readable)) return;
    payload.once('error', (error) => {
      if (raw.headersSent) logger.warn('answer broken off', { method, path: url, error });
    });
  });
}
