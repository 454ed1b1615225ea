import type { Fault } from '@tranche/http';

export interface LogRequest {
  readonly stream: 'stdout' | 'stderr';
  readonly isFollowed: boolean;
  /** First byte. */
  readonly offset: number | undefined;
  /** Begin so many lines before the end. */
  readonly tailLines: number | undefined;
}

export type ParsedLogRequest =
  | { readonly ok: true; readonly request: LogRequest }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads the query of `/v1/tasks/ID/logs`. @returns every fault at once */
export function parseLogRequest(query: Readonly<Record<string, unknown>>): ParsedLogRequest {
  const { stream = 'stdout', follow = 'false', offset, tail } = query;
  const faults: Fault[] = [];
  const check = (isRight: boolean, path: string, message: string, value: unknown): void => {
    if (!isRight) faults.push({ path, message, value });
  };
  check(stream === 'stdout' || stream === 'stderr', 'stream', 'must be stdout or stderr', stream);
  check(follow === 'true' || follow === 'false', 'follow', 'must be true or false', follow);
  check(isCount(offset), 'offset', 'must be a number of bytes', offset);
  check(isCount(tail), 'tail', 'must be a number of lines', tail);
  check(offset === undefined || tail === undefined, 'tail', 'cannot be combined with offset', tail);
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    request: {
      stream: stream as LogRequest['stream'],
      isFollowed: follow === 'true',
      offset: offset === undefined ? undefined : Number(offset),
      tailLines: tail === undefined ? undefined : Number(tail),
    },
  };
}

const isCount = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && /^\d{1,15}$/.test(value));
