import type { Readable } from 'node:stream';

/** So much of a body waits here for who takes it: what comes later waits in the client's connection. */
export const MAX_PIECE_BYTES = 1 << 20;

/** What has come since the last time. */
export interface BodyPiece {
  readonly data: Buffer;
  /** The body is complete with it. */
  readonly isLast: boolean;
}

/** The body of a client's request, read no faster than it is taken. One at a time waits for it. */
export class RequestBody {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private isOver = false;
  private isDiscarded = false;
  private failure: Error | undefined;
  private arrival = Promise.withResolvers<void>();

  /** Begins to read. */
  constructor(private readonly request: Readable) {
    request.on('data', (chunk: Buffer) => this.came(chunk));
    request.on('end', () => {
      this.isOver = true;
      this.arrival.resolve();
    });
    request.on('error', (error) => this.fail(error));
    request.on('close', () => this.fail(new Error('the client has gone')));
  }

  /** Whether all of it has come: in little time, and in a single piece. @param waitMs for as long */
  async isWholeWithin(waitMs: number): Promise<boolean> {
    const late = new AbortController();
    const timeout = setTimeout(() => {
      late.abort();
      this.arrival.resolve();
    }, waitMs);
    try {
      while (!late.signal.aborted && !this.isOver && this.bytes < MAX_PIECE_BYTES) await this.somethingCame();
      return this.isOver;
    } finally {
      clearTimeout(timeout);
    }
  }

  /**
   * What has come, once something has; empty only at the end.
   *
   * @throws Error when it broke off, or what it was made to fail with
   */
  async next(): Promise<BodyPiece> {
    while (this.bytes === 0 && !this.isOver) await this.somethingCame();
    if (this.failure !== undefined) throw this.failure;
    const data = Buffer.concat(this.chunks);
    this.chunks = [];
    this.bytes = 0;
    this.request.resume();
    return { data, isLast: this.isOver };
  }

  /** All that comes until the end. @returns undefined when it is more than `maxBytes`: it was thrown away as it came */
  async whole(maxBytes: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for (let isLast = false; !isLast; ) {
      const piece = await this.next();
      ({ isLast } = piece);
      bytes += piece.data.length;
      if (bytes > maxBytes) pieces.length = 0;
      else pieces.push(piece.data);
    }
    return bytes > maxBytes ? undefined : Buffer.concat(pieces);
  }

  /** Nobody takes more: what comes is thrown away, so that the client gets to read its answer. */
  discard(): void {
    this.isDiscarded = true;
    this.chunks = [];
    this.bytes = 0;
    this.request.resume();
  }

  /** Whoever waits for more gets the error. */
  fail(error: Error): void {
    if (this.isOver) return;
    this.failure ??= error;
    this.arrival.resolve();
  }

  private came(chunk: Buffer): void {
    if (this.isDiscarded) return;
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes >= MAX_PIECE_BYTES) this.request.pause();
    this.arrival.resolve();
  }

  /** @throws Error when it broke off before */
  private async somethingCame(): Promise<void> {
    await this.arrival.promise;
    if (this.failure !== undefined) throw this.failure;
    this.arrival = Promise.withResolvers();
  }
}
