import { Readable } from 'node:stream';
import { jsonpBody } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { gzipOf } from '../documents/gzip-pieces.js';
import { GAP, type JsonBody, jsonBodyOf, splitAtGaps } from '../documents/json-body.js';

/** Mesos compresses bodies from this size on. */
const GZIP_FROM_BYTES = 1024;
const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/;

/** Answers 200 with a document in pieces, without ever joining them: a large one is sent as fast as the client reads it. */
export function sendJsonBody(request: FastifyRequest, reply: FastifyReply, plain: JsonBody): void {
  const { body, type } = withJsonp(request, plain);
  reply.code(200).header('content-type', type);
  const accepted = request.headers['accept-encoding'];
  if (body.sizeBytes >= GZIP_FROM_BYTES && typeof accepted === 'string' && TAKES_GZIP.test(accepted)) {
    const chunks = Readable.from(gzipOf(body.chunks), { objectMode: false });
    void reply.header('content-encoding', 'gzip').send(chunks);
  } else {
    const chunks = Readable.from(body.chunks, { objectMode: false });
    void reply.header('content-length', body.sizeBytes).send(chunks);
  }
}

/** `?jsonp=NAME` on a GET calls that function; a text that is no name of a function is ignored. */
function withJsonp(request: FastifyRequest, body: JsonBody): { body: JsonBody; type: string } {
  const { jsonp } = request.query as { jsonp?: unknown };
  const call = request.method === 'GET' && typeof jsonp === 'string' ? jsonpBody(jsonp, GAP) : undefined;
  if (call === undefined) return { body, type: 'application/json' };
  const [before = Buffer.alloc(0), after = Buffer.alloc(0)] = splitAtGaps(call);
  return { body: jsonBodyOf([before, ...body.chunks, after]), type: 'text/javascript' };
}
