import { activeTrace } from '@tranche/telemetry';
import type { FastifyReply } from 'fastify';
import type { Problem } from './problem.js';

/** Answers with an error of `/v1`. */
export function sendProblem(reply: FastifyReply, found: Problem): void {
  const { retryAfterSeconds, ...body } = found;
  const trace = activeTrace();
  const instance = reply.request.url.replace(/\?.*$/, '');
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  void reply
    .code(found.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify({ ...body, instance, ...(trace ? { traceId: trace.traceId } : {}) }));
}
