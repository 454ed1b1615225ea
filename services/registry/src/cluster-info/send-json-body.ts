import { jsonpBody } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GAP, type JsonBody, jsonBodyOf, splitAtGaps } from '../documents/json-body.js';
import { sendPieces } from '../documents/send-pieces.js';

/** Answers 200 with a JSON document, as a call of a function when the client asks for that. */
export function sendJsonBody(request: FastifyRequest, reply: FastifyReply, plain: JsonBody): void {
  const { body, type } = withJsonp(request, plain);
  sendPieces(request, reply, { pieces: body.chunks, type });
}

/** `?jsonp=NAME` on a GET calls that function; a text that is no name of a function is ignored. */
function withJsonp(request: FastifyRequest, body: JsonBody): { body: JsonBody; type: string } {
  const { jsonp } = request.query as { jsonp?: unknown };
  const call = request.method === 'GET' && typeof jsonp === 'string' ? jsonpBody(jsonp, GAP) : undefined;
  if (call === undefined) return { body, type: 'application/json' };
  const [before = Buffer.alloc(0), after = Buffer.alloc(0)] = splitAtGaps(call);
  return { body: jsonBodyOf([before, ...body.chunks, after]), type: 'text/javascript' };
}
