/** What a query parameter takes, for the documents and for the check of requests. */
export interface QueryParameter {
  /** What it means. */
  readonly says: string;
  /** The words that it takes; absent: any text. */
  readonly known?: readonly string[];
  /** It is set by `true` or by standing there alone, and not set by `false`. */
  readonly isFlag?: true;
  /** It takes conditions on labels, `KEY=VALUE,OTHER`. */
  readonly isSelector?: true;
  /** It takes a role, or `ROLE/*` for all below it. */
  readonly isRole?: true;
  /** It may be there more than once. */
  readonly repeats?: true;
  /** It takes numbers from the first to the second, both included. */
  readonly numbers?: readonly [least: number, most: number];
}

export type QueryParameters = Readonly<Record<string, QueryParameter>>;

/** What a documented operation of ours is, apart from its method and path. */
export interface Operation {
  readonly summary: string;
  /** Filters and other query parameters. Below `/v1` a request with any other is refused. */
  readonly query?: QueryParameters;
  /** A view of `contracts` by its name; `[Name]` for a page of them; absent where the shape is Mesos' or the agent's. */
  readonly answer?: string;
  /** Members that a page has beside those of every list: JSON Schemas by name. */
  readonly besides?: Readonly<Record<string, object>>;
  /** JSON Schema of the body. */
  readonly body?: object;
  /** Status when it worked. Default 200. */
  readonly status?: number;
}

/** Documented operations by `METHOD /path/:parameter`, as the routes are mounted; a value may name several forms of one route. */
export type Operations = Readonly<Record<string, Operation | Readonly<Record<string, Operation>>>>;

/** A parameter that takes any text. */
export const text = (says: string): QueryParameter => ({ says });

/** A parameter that takes conditions on labels. @param of what has them */
export const selector = (of: string): QueryParameter => ({
  says: `${of}: KEY, KEY=VALUE or KEY!=VALUE; with commas between, all of them`,
  isSelector: true,
});

/** A parameter that takes roles. */
export const role = (says: string): QueryParameter => ({ says: `${says}; ROLE/*: one below that`, isRole: true });

/** A parameter that is either set or not. */
export const flag = (says: string): QueryParameter => ({ says, isFlag: true });

export const number = (says: string, least = 0, most = Number.MAX_SAFE_INTEGER): QueryParameter => ({
  says,
  numbers: [least, most],
});

export const isOneOperation = (described: Operation | Readonly<Record<string, Operation>>): described is Operation =>
  typeof described['summary'] === 'string';
