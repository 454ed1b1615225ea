/**
 * Base of the failures that a person is told about: what is wrong with its values (`message`), then lines on what is known around it
 * and what to do. Anything else that is thrown is a defect.
 */
export abstract class CliError extends Error {
  /** Stable, `cli/<reason>`; decides on the exit code. */
  abstract readonly code: string;

  constructor(
    message: string,
    /** Printed indented below the message. */
    readonly details: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The command line, a file or a setting is wrong. */
export class UsageError extends CliError {
  readonly code = 'cli/usage';
}

/** No match for a name, or too many. */
export class NotFoundError extends CliError {
  readonly code = 'cli/not-found';

  constructor(
    message: string,
    details: readonly string[],
    /** What was typed and what there is: the nearest is suggested when the error is printed. */
    readonly typo?: { text: string; names: Iterable<string> },
  ) {
    super(message, details);
  }
}

/** The cluster refused a request: an answer of class 4xx. */
export class RefusedError extends CliError {
  readonly code = 'cli/refused';

  constructor(
    message: string,
    details: readonly string[],
    readonly status: number,
  ) {
    super(message, details);
  }
}

/** The cluster could not be reached, or cannot answer now. */
export class ClusterUnreachableError extends CliError {
  readonly code = 'cli/unreachable';
}

/** What was waited for did not happen in time. */
export class TimedOutError extends CliError {
  readonly code = 'cli/timed-out';
}

/** No agent has what was asked for. */
export class NothingFitsError extends CliError {
  readonly code = 'cli/nothing-fits';
}

/** What was asked for has failed. */
export class FailedError extends CliError {
  readonly code = 'cli/failed';
}

/** Ctrl-C, or another signal, has ended it. */
export class InterruptedError extends CliError {
  readonly code = 'cli/interrupted';
}
