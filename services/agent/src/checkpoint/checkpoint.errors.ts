/** The journal was written by a newer version: this one would misread it. Nothing was changed. */
export class NewerFormatError extends Error {
  readonly code = 'checkpoint/newer-format';
  constructor(
    readonly path: string,
    readonly format: number,
    readonly supportedFormat: number,
  ) {
    super(`${path} was written by a newer version (format ${format}, this version reads ${supportedFormat})`);
    this.name = 'NewerFormatError';
  }
}

/** A finding: the file is no journal of an agent, or was damaged where it had been safely written before. */
export class CorruptJournalError extends Error {
  readonly code = 'checkpoint/corrupt';
  constructor(
    readonly path: string,
    readonly offsetBytes: number,
    readonly finding: string,
  ) {
    super(`${path} is damaged at byte ${offsetBytes}: ${finding}`);
    this.name = 'CorruptJournalError';
  }
}

/** A record could not be made durable: the disk is broken, read-only, or gone. The agent must stop; its containers run on. */
export class CheckpointFailedError extends Error {
  readonly code = 'checkpoint/write-failed';
  constructor(
    readonly path: string,
    options: { cause: unknown },
  ) {
    super(`cannot write ${path}: ${(options.cause as Error).message}`, options);
    this.name = 'CheckpointFailedError';
  }
}
