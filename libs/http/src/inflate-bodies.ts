import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip, type ZlibOptions } from 'node:zlib';
import { errorCodes, type FastifyInstance } from 'fastify';

const gunzipped: (body: Buffer, options: ZlibOptions) => Promise<Buffer> = promisify(gunzip);

/**
 * Takes bodies that are sent with `Content-Encoding: gzip`, as Mesos does; any other encoding is ignored, as there.
 *
 * A body that is not what its header says is answered with 500 in Mesos' words, one that inflates to more than the limit with 413. One that is
 * read as it comes is inflated as it comes; a fault of it is its reader's.
 */
export function inflateBodies(fastify: FastifyInstance, bodyLimitBytes: number): void {
  fastify.addHook('preValidation', async (request, reply) => {
    const { body } = request;
    if (request.headers['content-encoding'] !== 'gzip') return undefined;
    if (body instanceof Readable) {
      request.body = pipeline(body, createGunzip(), () => undefined);
      return undefined;
    }
    if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
    try {
      request.body = await gunzipped(body, { maxOutputLength: bodyLimitBytes });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
        throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
      }
      return reply.code(500).header('content-type', 'text/plain; charset=utf-8').send('failed to decode body');
    }
  });
}
