import type { FetchItem } from './fetch-item.js';

/** How far a download is. */
export interface DownloadProgress {
  readonly doneBytes: number;
  /** Absent when the source did not say. */
  readonly totalBytes?: number;
}

export interface DownloadLimits {
  /** A download that gets no byte for this long has failed. */
  readonly stallTimeoutMs: number;
  /** Largest file, and largest content of an archive; Infinity for none. */
  readonly maxBytes: number;
}

export interface Downloaded {
  readonly sizeBytes: number;
  /** Hexadecimal digits in lower case. */
  readonly sha256: string;
}

/**
 * Does for one container what needs the rights of its user, and no more: reads sources, writes the sandbox and the user's part of the
 * cache.
 *
 * Every call throws an error whose message says what is wrong, without naming the URI.
 */
export interface FetchWorker {
  /** Asks the source for its size. Undefined when it does not tell. */
  sizeOf(source: FetchItem['source'], limits: DownloadLimits): Promise<number | undefined>;

  /** Brings the source's bytes into a file, which is replaced when it is there and left as it was on failure. */
  download(
    source: FetchItem['source'],
    file: string,
    limits: DownloadLimits,
    onProgress: (progress: DownloadProgress) => void,
  ): Promise<Downloaded>;

  /** Whether the file still has these bytes. */
  isIntact(file: string, expected: Downloaded): Promise<boolean>;

  /**
   * Gives a fetched file its final form in the sandbox: its place, its mode, its content if it is an archive.
   *
   * @param file where it is: in the sandbox at its place already, or in the cache
   */
  place(file: string, item: FetchItem, sandbox: string, limits: DownloadLimits): Promise<void>;

  /** Adds a line to the sandbox's `stderr`, where the owner of the task looks. */
  note(sandbox: string, line: string): Promise<void>;

  /** Ends what is under way. Idempotent. */
  close(): void;
}
