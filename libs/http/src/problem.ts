/** Body of an error of `/v1`. @source RFC 9457, with `code`, `errors` and `hints` as docs/errors.md lists them */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** `<noun>.<reason>`, stable. */
  readonly code: string;
  /** Names the values. */
  readonly detail: string;
  readonly errors?: readonly { path: string; message: string; value?: unknown }[];
  readonly hints?: readonly string[];
  /** Seconds after which to try again, for 429 and 503. */
  readonly retryAfterSeconds?: number;
}

/** A problem with its type derived from its code. */
export const problem = (
  status: number,
  code: string,
  title: string,
  detail: string,
  more: Pick<Problem, 'errors' | 'hints' | 'retryAfterSeconds'> = {},
): Problem => ({ type: `/problems/${code}`, title, status, code, detail, ...more });
