import { problem } from './problem.js';
import { ProblemError } from './problem.errors.js';

/**
 * Reads the last part of `POST /v1/things/ID:verb`; the id itself may contain colons.
 *
 * @throws ProblemError 404 naming the verbs that there are
 */
export function splitVerb<V extends string>(target: string, verbs: readonly V[]): { id: string; verb: V } {
  const at = target.lastIndexOf(':');
  const verb = verbs.find((known) => known === target.slice(at + 1));
  if (at > 0 && verb !== undefined) return { id: target.slice(0, at), verb };
  throw new ProblemError(problem(404, 'path.not_found', 'Not found', `POST takes ID:${verbs.join(' or ID:')}`));
}
