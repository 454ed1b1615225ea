/** Why the local cluster does not start: a first line with the values, then what to do. Ends the process with exit code 1. */
export class LocalStartError extends Error {
  constructor(
    readonly code:
      | 'local/foreign-folder'
      | 'local/newer-folder'
      | 'local/folder-in-use'
      | 'local/port-in-use'
      | 'local/bad-credentials'
      | 'local/bad-acls'
      | 'local/part-failed',
    message: string,
    /** Lines that help, each a sentence or a command. */
    readonly hints: readonly string[] = [],
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'LocalStartError';
  }
}
