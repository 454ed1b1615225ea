/** What a documented operation of ours is, apart from its method and path. */
export interface Operation {
  readonly summary: string;
  /** Filters and other query parameters: name → what it takes. */
  readonly query?: Readonly<Record<string, string>>;
  /** A view of `contracts` by its name; `[Name]` for a page of them; absent where the shape is Mesos' or the agent's. */
  readonly answer?: string;
  /** JSON Schema of the body. */
  readonly body?: object;
  /** Status when it worked. Default 200. */
  readonly status?: number;
}

/** Documented operations by `METHOD /path/:parameter`, as the routes are mounted; a value may name several forms of one route. */
export type Operations = Readonly<Record<string, Operation | Readonly<Record<string, Operation>>>>;
