import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import { malformed } from './problem.js';
import { ProblemError } from './problem.errors.js';

/** A refusal in Mesos' words: status, body and headers as they go out. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TEXT = 'text/plain; charset=utf-8';

/** Answers with a refusal of the Mesos APIs, text/plain unless it says otherwise. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): void {
  void reply.code(refusal.status).header('content-type', TEXT).headers(refusal.headers).send(refusal.body);
}

/** Answers 200 with rendered JSON text, as it is. `?jsonp=` and gzip are applied on the way out. */
export function sendJsonText(reply: FastifyReply, text: string): void {
  void reply.code(200).header('content-type', 'application/json').send(text);
}

/** The request's body as bytes; empty when there is none. */
export const rawBody = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

/** Body of a `/v1` request. @throws ProblemError 400 naming every fault with its path */
export function jsonBody<T>(request: FastifyRequest, schema: ZodType<T>): T {
  const text = rawBody(request).toString('utf8');
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new ProblemError(malformed([], `the body is no JSON: ${(cause as Error).message}`));
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new ProblemError(malformed(faults, faults.map((f) => `${f.path || 'body'}: ${f.message}`).join('; ')));
}
