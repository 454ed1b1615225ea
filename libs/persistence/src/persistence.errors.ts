export type PersistenceErrorCode =
  | 'persistence/unavailable'
  | 'persistence/newer-schema'
  | 'persistence/bad-url'
  | 'persistence/write-failed';

/** The database cannot be used. `persistence/newer-schema` and `persistence/bad-url` need a person; the others may pass. */
export class PersistenceError extends Error {
  constructor(
    readonly code: PersistenceErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'PersistenceError';
  }

  get retryable(): boolean {
    return this.code === 'persistence/unavailable' || this.code === 'persistence/write-failed';
  }
}
