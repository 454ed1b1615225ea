import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Fault, malformed } from './problem.js';
import { ProblemError } from './problem.errors.js';

/** A query string as Fastify parses it. */
export type RequestQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is wrong with a flag of a query; undefined when nothing is. A flag that was half understood would do what nobody asked for. */
export const flagFault = (path: string, value: RequestQuery[string]): Fault | undefined =>
  value === undefined || value === 'true' || value === 'false' || value === ''
    ? undefined
    : { path, message: 'must be true or false', value };

/**
 * Whether a flag of a query is set: `?dryRun=true`, or `?dryRun` alone.
 *
 * @throws ProblemError 400 for any value but `true`, `false` and none
 */
export function readFlag(query: RequestQuery, name: string): boolean {
  const fault = flagFault(name, query[name]);
  if (fault !== undefined) throw new ProblemError(malformed([fault]));
  return query[name] === 'true' || query[name] === '';
}

/** A flag of the query as a parameter of a handler: `@Flag('dryRun') isDry: boolean`. */
export const Flag = createParamDecorator((name: string, context: ExecutionContext): boolean =>
  readFlag(context.switchToHttp().getRequest<FastifyRequest>().query as RequestQuery, name),
);
