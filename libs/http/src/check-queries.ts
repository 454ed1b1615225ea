import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOneOperation, type Operation, type QueryParameter } from './openapi/operation.js';
import { REST_OPERATIONS } from './openapi/rest-operations.js';
import { type Fault, malformed } from './problem.js';
import { flagFault, type RequestQuery } from './query-flags.js';
import { sendProblem } from './send-problem.js';

/** Every GET that answers JSON takes it. */
const OF_EVERY_GET = 'jsonp';

/**
 * Holds requests below `/v1` to the parameters that their operation is documented with: what is unknown there, or is no value of a flag, is
 * refused before anything is done. Lists check the rest of their query themselves, so that all faults come together.
 */
export function checkQueries(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, reply, done) => {
    const operation = operationOf(request);
    const faults = operation === undefined || isList(operation) ? [] : queryFaults(request, operation);
    if (faults.length === 0) done();
    else sendProblem(reply, malformed(faults));
  });
}

function operationOf({ method, url, routeOptions }: FastifyRequest): Operation | undefined {
  const described = REST_OPERATIONS[`${method} ${routeOptions.url}`];
  if (described === undefined || isOneOperation(described)) return described;
  // Several forms of one route differ in the end of their path: `ID:drain`, `files/tail`.
  const path = url.replace(/[?#].*$/s, '');
  const form = Object.keys(described).find((one) => path.endsWith(one.replace(/^.*(?=[:/])/s, '')));
  return form === undefined ? undefined : described[form];
}

const isList = ({ answer }: Operation): boolean => answer?.startsWith('[') === true;

function valueFaults(path: string, value: RequestQuery[string], { isFlag, numbers }: QueryParameter): Fault[] {
  if (isFlag) return [flagFault(path, value) ?? []].flat();
  if (numbers === undefined) return [];
  const [least, most] = numbers;
  const isRight =
    typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) && Number(value) >= least && Number(value) <= most;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return isRight ? [] : [{ path, message: `must be a number ${range}`, value }];
}

function queryFaults(request: FastifyRequest, { query: known = {} }: Operation): Fault[] {
  const names = Object.keys(known);
  return Object.entries(request.query as RequestQuery).flatMap(([path, value]): Fault[] => {
    const parameter = known[path];
    if (parameter !== undefined) return valueFaults(path, value, parameter);
    if (path === OF_EVERY_GET && request.method === 'GET') return [];
    const message =
      names.length === 0 ? 'is no parameter; there are none' : `is no parameter; known are ${names.join(', ')}`;
    return [{ path, message, value }];
  });
}
