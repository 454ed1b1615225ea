import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requestEnds } from '../connections/request-ends.js';
import { malformed, problem } from '../problem.js';
import { rawBody } from '../reply.js';
import { sendProblem } from '../send-problem.js';
import { KEEP_MS, KeptAnswers } from './kept-answers.js';
import type { StoredRequests } from './stored-requests.js';

const MAX_KEY_LENGTH = 255;
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Sent on to the agent, and its answer is a stream: it cannot be given again, and a key means nothing. */
const RELAYED: ReadonlySet<string | undefined> = new Set(['/v1/agents/:agentId/api/v1', '/v1/tasks/:taskId/exec']);
/** Of the headers of an answer, those that belong to it and not to its way. */
const KEPT_HEADERS = ['content-type', 'location', 'etag'];

/** As often what is past its time is deleted from the database. */
const EXPIRE_EVERY_MS = 600_000;

/** Larger answers are not stored: no change has one. */
const MAX_STORED_BYTES = 1 << 20;

export interface RepeatedAnswers {
  readonly nowMs: () => number;
  /** Where they are kept over restarts. */
  readonly stored: StoredRequests;
  readonly kept?: KeptAnswers;
}

/** A request whose answer is waited for. */
interface Pending {
  readonly key: string;
  readonly asked: string;
}

/**
 * `Idempotency-Key` on changing requests below `/v1`: who sends a request again with its key gets the first answer, and nothing is done twice.
 *
 * The same key with another request is a 422, one whose request is not answered yet a 409. What failed in the service (5xx) is not kept: it is
 * tried anew. An answer is stored before it leaves: docs/adr/0271-answers-and-changes-are-kept-with-the-database.md.
 *
 * @source draft-ietf-httpapi-idempotency-key-header-07
 */
export function repeatAnswers(
  fastify: FastifyInstance,
  { nowMs, stored, kept = new KeptAnswers() }: RepeatedAnswers,
): void {
  const pending = new WeakMap<FastifyRequest, Pending>();
  const expiring = setInterval(() => void stored.expire(nowMs()), EXPIRE_EVERY_MS).unref();
  fastify.addHook('onClose', async () => clearInterval(expiring));
  fastify.addHook('preHandler', async (request, reply) => {
    const given = request.headers['idempotency-key'];
    if (given === undefined || !isChange(request)) return;
    const name = typeof given === 'string' ? given : '';
    if (name.length === 0 || name.length > MAX_KEY_LENGTH) {
      const fault = { path: 'Idempotency-Key', message: `must have 1 to ${MAX_KEY_LENGTH} characters`, value: name };
      sendProblem(reply, malformed([fault]));
      return reply;
    }
    // Two principals may think of one key. What they show is a secret: only its digest is kept.
    const key = digestOf(`${request.headers.authorization ?? ''} ${name}`);
    const asked = askedBy(request);
    const known = kept.begin(key, asked, nowMs());
    if (known !== 'new') {
      refuseOrRepeat(name, known, reply);
      return reply;
    }
    const before = await stored.answer(key);
    if (before === undefined || before.atMs + KEEP_MS <= nowMs()) {
      pending.set(request, { key, asked });
      // It is pending until then only where the reply was taken over: nothing can be repeated.
      whenOver(request, reply, () => {
        if (pending.delete(request)) kept.forget(key);
      });
      return;
    }
    kept.forget(key);
    refuseOrRepeat(name, before.asked === asked ? before : 'other-request', reply);
    return reply;
  });
  fastify.addHook('onSend', async (request, reply, payload) => {
    const one = pending.get(request);
    if (one === undefined) return payload;
    pending.delete(request);
    const { key, asked } = one;
    const isKept = reply.statusCode < 500 && (typeof payload === 'string' || payload === undefined || payload === null);
    if (!isKept) {
      kept.forget(key);
      return payload;
    }
    const answer = { status: reply.statusCode, headers: headersOf(reply), body: payload ?? '' };
    if (answer.body.length <= MAX_STORED_BYTES) await stored.keepAnswer(key, { ...answer, asked, atMs: nowMs() });
    kept.keep(key, answer);
    return payload;
  });
  const whenOver = requestEnds(fastify);
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

const isChange = ({ method, url, routeOptions }: FastifyRequest): boolean =>
  CHANGING.has(method) && url.startsWith('/v1/') && !RELAYED.has(routeOptions.url);

const askedBy = (request: FastifyRequest): string =>
  createHash('sha256').update(`${request.method} ${request.url}\n`).update(rawBody(request)).digest('base64url');

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
