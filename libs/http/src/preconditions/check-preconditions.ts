import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { principalOf } from '../auth/authenticate.js';
import type { StoredRequests } from '../idempotency/stored-requests.js';
import { ownLook } from '../auth/own-look.js';
import { givePermits, permitsOf } from '../auth/permits.js';
import { requestEnds } from '../connections/request-ends.js';
import { malformed } from '../problem.js';
import { sendProblem } from '../send-problem.js';
import { changed } from './changed.js';
import { type Guarded, guardedBy, taggedPart } from './guarded.js';
import { ResourceLocks } from './resource-locks.js';

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export interface Preconditions {
  readonly nowMs: () => number;
  readonly stored: StoredRequests;
}

/**
 * `ETag` on every single resource below `/v1` that can be changed. To be called before the answers of changes are kept: they have the new tag.
 *
 * After a change the resource is looked at again for its tag, and who made it is noted: that is what a 412 names.
 */
export function tagResources(fastify: FastifyInstance, { nowMs, stored }: Preconditions): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (!request.url.startsWith('/v1/') || reply.statusCode >= 300) return payload;
    if (request.method === 'GET') tagView(request, reply, payload);
    else if (isChange(request) && reply.getHeader('idempotency-replayed') === undefined) {
      const guarded = guardedBy(request.url);
      if (guarded === undefined) return payload;
      const { etag } = await ownLook(() => look(fastify, request, guarded));
      if (etag !== undefined) reply.header('etag', etag);
      const by = principalOf(request);
      stored.noteChange(guarded.path, {
        ...(by === undefined ? {} : { by }),
        atMs: nowMs(),
        what: `${request.method} ${request.url}`,
        ...(etag === undefined ? {} : { etag }),
      });
    }
    return payload;
  });
}

/**
 * `If-Match` on changes below `/v1`: 412 when the resource is another by now, naming who changed it and when. To be called behind everything
 * that may answer instead of the handler.
 *
 * What the resource is now, the service finds out by itself: it does not depend on what the caller may see. Where there are ACLs, a 412 is left
 * to `demand`, behind the 403; it says what the resource is to who may read it.
 */
export function checkPreconditions(fastify: FastifyInstance, { stored }: Preconditions): void {
  const locks = new ResourceLocks();
  const whenOver = requestEnds(fastify);
  fastify.addHook('preHandler', async (request, reply) => {
    if (!CHANGING.has(request.method) || !request.url.startsWith('/v1/')) return;
    const wanted = request.headers['if-match'];
    const guarded = guardedBy(request.url);
    if (guarded === undefined) {
      if (wanted === undefined) return;
      const message = `means nothing for ${request.method} ${request.url}: there is no ETag`;
      sendProblem(reply, malformed([{ path: 'If-Match', message }]));
      return reply;
    }
    whenOver(request, reply, await locks.take(guarded.path));
    if (wanted === undefined) return;
    const { etag: now } = await ownLook(() => look(fastify, request, guarded));
    // What is not there cannot be changed, which its handler says; only PUT would make it.
    if (now === undefined ? request.method !== 'PUT' : matches(wanted, now)) return;
    const permits = permitsOf(request);
    const seen = await look(fastify, request, guarded);
    const isSeen = seen.status !== 403 && seen.etag === now;
    const problem = changed(guarded, wanted, isSeen ? { now, last: await stored.change(guarded.path) } : 'unseen');
    if (!permits.isOpen) return givePermits(request, { ...permits, unmet: problem });
    sendProblem(reply, problem);
    return reply;
  });
}

const isChange = ({ method, query }: FastifyRequest): boolean => {
  const { dryRun } = query as { dryRun?: unknown };
  return CHANGING.has(method) && (dryRun === undefined || dryRun === 'false');
};

/** What a resource answers now, to whom the request is from; its tag is undefined when there is none such. */
async function look(
  fastify: FastifyInstance,
  { headers: { authorization } }: FastifyRequest,
  { path }: Guarded,
): Promise<{ readonly status: number; readonly etag: string | undefined }> {
  const headers = authorization === undefined ? {} : { authorization };
  const { statusCode: status, headers: answered } = await fastify.inject({ method: 'GET', url: path, headers });
  return { status, etag: status === 200 ? answered.etag : undefined };
}

function tagView({ url }: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  if (typeof payload !== 'string' || reply.getHeader('etag') !== undefined) return;
  if (!String(reply.getHeader('content-type')).startsWith('application/json')) return;
  const part = taggedPart(url, () => JSON.parse(payload) as Record<string, unknown>);
  if (part === undefined) return;
  reply.header('etag', `"${createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 16)}"`);
}

const matches = (wanted: string, now: string): boolean =>
  wanted.trim() === '*' || wanted.split(',').some((tag) => tag.trim() === now);
