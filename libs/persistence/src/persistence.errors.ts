export type PersistenceErrorCode =
  | 'persistence/unavailable'
  | 'persistence/newer-schema'
  | 'persistence/older-schema'
  | 'persistence/no-schema'
  | 'persistence/bad-url'
  | 'persistence/write-failed';

/**
 * The database cannot be used. `persistence/unavailable` and `persistence/write-failed` may pass; the others need a person.
 */
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
