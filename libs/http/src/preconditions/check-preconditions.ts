import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { principalOf } from '../auth/authenticate.js';
import type { StoredRequests } from '../idempotency/stored-requests.js';
import { malformed, type Problem, problem } from '../problem.js';
import type { NotedChange } from '../request-store.port.js';
import { sendProblem } from '../send-problem.js';
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
      const etag = await tagOf(fastify, request, guarded);
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
 */
export function checkPreconditions(fastify: FastifyInstance, { stored }: Preconditions): void {
  const locks = new ResourceLocks();
  const releases = new WeakMap<FastifyRequest, () => void>();
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
    releases.set(request, await locks.take(guarded.path));
    if (wanted === undefined) return;
    const now = await tagOf(fastify, request, guarded);
    // What is not there cannot be changed, which its handler says; only PUT would make it.
    if (now === undefined ? request.method !== 'PUT' : matches(wanted, now)) return;
    sendProblem(reply, changed(guarded, { wanted, now, last: await stored.change(guarded.path) }));
    return reply;
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    releases.get(request)?.();
    done();
  });
}

const isChange = ({ method, query }: FastifyRequest): boolean => {
  const { dryRun } = query as { dryRun?: unknown };
  return CHANGING.has(method) && (dryRun === undefined || dryRun === 'false');
};

/** The tag of a resource as it is; undefined when there is none such. */
async function tagOf(
  fastify: FastifyInstance,
  request: FastifyRequest,
  { path }: Guarded,
): Promise<string | undefined> {
  const { authorization } = request.headers;
  const headers = authorization === undefined ? {} : { authorization };
  const { statusCode, headers: answered } = await fastify.inject({ method: 'GET', url: path, headers });
  return statusCode === 200 ? answered.etag : undefined;
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

interface Mismatch {
  readonly wanted: string;
  readonly now: string | undefined;
  readonly last: NotedChange | undefined;
}

function changed({ noun, code, path }: Guarded & { readonly noun: string }, { wanted, now, last }: Mismatch): Problem {
  const name =
    noun === 'maintenance schedule'
      ? `the ${noun}`
      : `${noun} ${decodeURIComponent(path.replace(/^\/v1\/\w+\/|\?.*$/g, ''))}`;
  const is = now === undefined ? 'is not there' : `is ${now} now`;
  const detail = `${name} ${is}, not ${wanted} as If-Match says; ${lastText(now, last)}`;
  const title = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} has changed`;
  const errors = [{ path: 'If-Match', message: 'is not the tag of the resource', value: wanted }];
  return problem(412, code, title, detail, { errors, hints: [`tranche api GET ${path}`] });
}

/** Who changed it, and when, as far as that is known: Mesos' API, frameworks, and the cluster itself change things, too. */
function lastText(now: string | undefined, last: NotedChange | undefined): string {
  const otherwise = "by Mesos' API, a framework or the cluster itself";
  if (last === undefined) return `it was changed ${otherwise}`;
  const { by = 'a caller without credentials', atMs, what, etag } = last;
  const told = `${by} changed it at ${new Date(atMs).toISOString()}: ${what}`;
  return etag === now ? told : `${told}; since then it was changed ${otherwise}`;
}
