import type { Problem as ProblemBody } from '@tranche/contracts';

/** What is wrong in a request, and where: the name of a parameter or the path of a member. */
export interface Fault {
  path: string;
  message: string;
  value?: unknown;
}

/** An error of `/v1` before it goes out. @source RFC 9457, with `code`, `errors` and `hints` */
export interface Problem extends Omit<ProblemBody, 'instance' | 'traceId'> {
  /** Seconds after which to try again, for 429 and 503. */
  readonly retryAfterSeconds?: number;
}

/** A problem with its type derived from its code. `detail` names the values. */
export const problem = (
  status: number,
  code: string,
  title: string,
  detail: string,
  more: Pick<Problem, 'errors' | 'hints' | 'retryAfterSeconds'> = {},
): Problem => ({ type: `/problems/${code}`, title, status, code, detail, ...more });

/** The answer about something that is not known, `agent.unknown` when the noun is `agent`. */
export const unknown = (noun: string, detail: string): Problem =>
  problem(404, `${noun}.unknown`, `${noun.charAt(0).toUpperCase()}${noun.slice(1)} not found`, detail);

/** The answer to a request that does not have the form it should; every fault is named. */
export function malformed(faults: readonly Fault[], detail = faults.map(faultText).join('; ')): Problem {
  return problem(
    400,
    'request.malformed',
    'Malformed request',
    detail,
    faults.length === 0 ? {} : { errors: [...faults] },
  );
}

const faultText = ({ path, message, value }: Fault): string =>
  [path, ...(value === undefined ? [] : [JSON.stringify(value)]), message].join(' ');
