import type { Problem } from '@tranche/contracts';
import { type CliError, ClusterUnreachableError, RefusedError } from '../cli.errors.js';
import type { ApiAnswer } from './api-client.js';

/**
 * The error for an answer ≥ 400: all faults that it names, its hints, its code and trace id. 429 and 5xx count as unreachable, since
 * trying again may help; the rest as refused.
 *
 * @param failure `quota not set`: said instead of the problem's title, before its detail, which then stands for all faults
 */
export function problemError(answer: ApiAnswer, path: string, failure?: string): CliError {
  const text = answer.body.toString('utf8').trim();
  const problem = answer.contentType.includes('json') ? parseProblem(text) : undefined;
  const message = problem
    ? messageOf(problem, failure)
    : `${path.split('?')[0]} was answered with status ${answer.status}${text && `: ${text}`}`;
  const isTold = failure !== undefined && problem?.detail !== undefined;
  const details = problem ? detailsOf(isTold ? { ...problem, errors: [] } : problem) : [];
  return answer.status >= 500 || answer.status === 429
    ? new ClusterUnreachableError(message, details)
    : new RefusedError(message, details, answer.status);
}

function messageOf({ title, detail }: Partial<Problem>, failure: string | undefined): string {
  if (failure === undefined) return firstLower([title, detail].filter(Boolean).join(': '));
  return `${failure}: ${firstLower(detail ?? title ?? '')}`;
}

function detailsOf({ errors = [], hints = [], code, traceId }: Partial<Problem>): string[] {
  const reference = [code, traceId && `trace ${traceId.slice(0, 8)}`].filter(Boolean).join(', ');
  return [
    ...errors.map(({ path, message }) => `${path}: ${message}`),
    ...hints.map((hint) => (hint.startsWith('tranche ') ? `try: ${hint}` : hint)),
    ...(reference ? [`(${reference})`] : []),
  ];
}

function parseProblem(text: string): Partial<Problem> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Messages begin in lower case; words in capitals stay. */
function firstLower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
