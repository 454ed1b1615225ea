/** Every list of `/v1`: `?limit=100&after=CURSOR`, at most 1,000 items. With `?fields=` they have only those members. */
export interface Page<T> {
  items: T[];
  /** Pass as `after` for the next page; absent on the last. */
  next?: string;
  /** Items that pass the filters, on all pages: with `?count=true`. Absent where to count them is too much. */
  total?: number;
  /** Number of the newest change that the list contains. */
  asOf: number;
}

/** Error body of `/v1`, `application/problem+json`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** `<noun>.<reason>`, stable. */
  code: string;
  detail: string;
  instance?: string;
  traceId?: string;
  errors?: { path: string; message: string; value?: unknown }[];
  hints?: string[];
}
