/** A URI of a task cannot be brought into its sandbox. The message names the URI and what is wrong with it. */
export class FetchError extends Error {
  readonly code = 'fetcher/failed';
  constructor(
    readonly uri: string,
    /** Without the URI: `HTTP 404`, `checksum is sha256 …`. */
    readonly fault: string,
    options?: { cause?: unknown },
  ) {
    super(`'${uri}': ${fault}`, options);
    this.name = 'FetchError';
  }
}

/** A container's launch has to be given up because of its URIs. @source Mesos 1.11: the beginning of the message */
export class FetchFailedError extends Error {
  readonly code = 'fetcher/all-uris';
  constructor(containerId: string, fault: string, options?: { cause?: unknown }) {
    super(`Failed to fetch all URIs for container '${containerId}': ${fault}`, options);
    this.name = 'FetchFailedError';
  }
}

/** The archive is broken, or would write where it must not. */
export class BadArchiveError extends Error {
  readonly code = 'fetcher/bad-archive';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BadArchiveError';
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
