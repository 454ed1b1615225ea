import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { gzipOf } from './gzip-pieces.js';

/** Mesos compresses bodies from this size on. */
const GZIP_FROM_BYTES = 1024;
const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/;

/** Answers 200 with a document in pieces, without ever joining them: a large one is sent as fast as the client reads it. */
export function sendPieces(
  request: FastifyRequest,
  reply: FastifyReply,
  { pieces, type }: { readonly pieces: readonly Buffer[]; readonly type: string },
): void {
  const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
  reply.code(200).header('content-type', type);
  const accepted = request.headers['accept-encoding'];
  const isGzip = sizeBytes >= GZIP_FROM_BYTES && typeof accepted === 'string' && TAKES_GZIP.test(accepted);
  if (isGzip) reply.header('content-encoding', 'gzip');
  else reply.header('content-length', sizeBytes);
  void reply.send(Readable.from(isGzip ? gzipOf(pieces) : pieces, { objectMode: false }));
}
