import { CliError, RefusedError } from './cli.errors.js';

/** Exit codes of every command; the own failures of those that run another are 125. Documented in `docs/cli.md`. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  nothingFits: 6,
  /** `run`, `exec` or `attach` itself failed, not the command that it ran. */
  ownFailure: 125,
  interrupted: 130,
} as const;

const BY_ERROR: Record<string, number> = {
  'cli/usage': EXIT_CODES.usage,
  'cli/not-found': EXIT_CODES.notFound,
  'cli/refused': EXIT_CODES.refused,
  'cli/unreachable': EXIT_CODES.unreachable,
  'cli/timed-out': EXIT_CODES.unreachable,
  'cli/nothing-fits': EXIT_CODES.nothingFits,
  'cli/failed': EXIT_CODES.failed,
  'cli/interrupted': EXIT_CODES.interrupted,
};

/** The exit code of a failure; a defect counts as failed. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof RefusedError && error.status === 404) return EXIT_CODES.notFound;
  return (error instanceof CliError && BY_ERROR[error.code]) || EXIT_CODES.failed;
}
