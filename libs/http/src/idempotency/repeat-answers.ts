import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { malformed, problem } from '../problem.js';
import { rawBody } from '../reply.js';
import { sendProblem } from '../send-problem.js';
import { KeptAnswers } from './kept-answers.js';

const MAX_KEY_LENGTH = 255;
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Sent on to the agent, and its answer is a stream. */
const RELAYED = '/v1/agents/:agentId/api/v1';
/** Of the headers of an answer, those that belong to it and not to its way. */
const KEPT_HEADERS = ['content-type', 'location', 'etag'];

/**
 * `Idempotency-Key` on changing requests below `/v1`: who sends a request again with its key gets the first answer, and nothing is done twice.
 *
 * The same key with another request is a 422, one whose request is not answered yet a 409. What failed in the service (5xx) is not kept: it is
 * tried anew. The memory of the process keeps them: docs/adr/0254-answers-are-repeated-from-memory.md.
 *
 * @source draft-ietf-httpapi-idempotency-key-header-07
 */
export function repeatAnswers(fastify: FastifyInstance, nowMs: () => number, kept = new KeptAnswers()): void {
  const pending = new WeakMap<FastifyRequest, string>();
  fastify.addHook('preHandler', (request, reply, done) => {
    const given = request.headers['idempotency-key'];
    if (given === undefined || !isChange(request)) return done();
    const key = typeof given === 'string' ? given : '';
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
      const fault = { path: 'Idempotency-Key', message: `must have 1 to ${MAX_KEY_LENGTH} characters`, value: key };
      return sendProblem(reply, malformed([fault]));
    }
    // Two principals may think of one key.
    const owned = `${request.headers.authorization ?? ''} ${key}`;
    const known = kept.begin(owned, askedBy(request), nowMs());
    if (known === 'new') {
      pending.set(request, owned);
      return done();
    }
    refuseOrRepeat(key, known, reply);
  });
  fastify.addHook('onSend', async (request, reply, payload) => {
    const key = pending.get(request);
    if (key === undefined) return payload;
    pending.delete(request);
    const isKept = reply.statusCode < 500 && (typeof payload === 'string' || payload === undefined || payload === null);
    if (!isKept) kept.forget(key);
    else kept.keep(key, { status: reply.statusCode, headers: headersOf(reply), body: payload ?? '' });
    return payload;
  });
  // The connection is lost before there was an answer, or the reply was taken over: nothing can be repeated.
  fastify.addHook('onResponse', (request, _reply, done) => {
    const key = pending.get(request);
    if (key !== undefined) kept.forget(key);
    done();
  });
}

const isChange = ({ method, url, routeOptions }: FastifyRequest): boolean =>
  CHANGING.has(method) && url.startsWith('/v1/') && routeOptions.url !== RELAYED;

const askedBy = (request: FastifyRequest): string =>
  createHash('sha256').update(`${request.method} ${request.url}\n`).update(rawBody(request)).digest('base64');

function headersOf(reply: FastifyReply): Record<string, string> {
  const headers = KEPT_HEADERS.map((name) => [name, reply.getHeader(name)] as const);
  return Object.fromEntries(headers.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}

function refuseOrRepeat(
  key: string,
  known: Exclude<ReturnType<KeptAnswers['begin']>, 'new'>,
  reply: FastifyReply,
): void {
  if (known === 'other-request') {
    const detail = `the Idempotency-Key ${JSON.stringify(key)} was used for another request: a new request needs a new key`;
    return sendProblem(reply, problem(422, 'idempotency.key_reused', 'Key belongs to another request', detail));
  }
  if (known === 'in-progress') {
    const detail = `the first request with the Idempotency-Key ${JSON.stringify(key)} is not answered yet`;
    return sendProblem(
      reply,
      problem(409, 'idempotency.in_progress', 'Not answered yet', detail, { retryAfterSeconds: 1 }),
    );
  }
  void reply.code(known.status).headers(known.headers).header('idempotency-replayed', 'true').send(known.body);
}
