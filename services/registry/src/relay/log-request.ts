import { type Fault, flagFault, readFlag, type RequestQuery } from '@tranche/http';

/** Which part of a file is wanted. */
export interface TailRequest {
  readonly isFollowed: boolean;
  /** First byte. */
  readonly offset: number | undefined;
  /** Begin so many lines before the end. */
  readonly tailLines: number | undefined;
}

export interface LogRequest extends TailRequest {
  readonly stream: 'stdout' | 'stderr';
}

export type Parsed<R> =
  | { readonly ok: true; readonly request: R }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads the query of `/v1/tasks/ID/logs`. @returns every fault at once */
export function parseLogRequest(query: RequestQuery): Parsed<LogRequest> {
  const { stream = 'stdout' } = query;
  const tail = parseTailRequest(query);
  if (stream !== 'stdout' && stream !== 'stderr') {
    const fault = { path: 'stream', message: 'must be stdout or stderr', value: stream };
    return { ok: false, faults: [fault, ...(tail.ok ? [] : tail.faults)] };
  }
  return tail.ok ? { ok: true, request: { ...tail.request, stream } } : tail;
}

/** Reads the query of `/v1/tasks/ID/files/tail`, but for the path. @returns every fault at once */
export function parseTailRequest(query: RequestQuery): Parsed<TailRequest> {
  const { follow, offset, tail } = query;
  const faults: Fault[] = [];
  const check = (isRight: boolean, path: string, message: string, value: unknown): void => {
    if (!isRight) faults.push({ path, message, value });
  };
  const notFlag = flagFault('follow', follow);
  if (notFlag !== undefined) faults.push(notFlag);
  check(isCount(offset), 'offset', 'must be a number of bytes', offset);
  check(isCount(tail), 'tail', 'must be a number of lines', tail);
  check(offset === undefined || tail === undefined, 'tail', 'cannot be combined with offset', tail);
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    request: {
      isFollowed: readFlag(query, 'follow'),
      offset: offset === undefined ? undefined : Number(offset),
      tailLines: tail === undefined ? undefined : Number(tail),
    },
  };
}

const isCount = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && /^\d{1,15}$/.test(value));
