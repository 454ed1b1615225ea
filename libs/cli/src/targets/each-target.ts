import type { CliContext } from '../cli-context.js';
import { CliError, InterruptedError } from '../cli.errors.js';
import { EXIT_CODES, exitCodeOf } from '../exit-code.js';
import { printError } from '../print-error.js';

/** What came of working on several things. */
export interface EachResult<R> {
  /** Of those that went well, in order. */
  readonly results: readonly R[];
  /** The worst, which is the highest. */
  readonly exitCode: number;
}

/**
 * Works on one thing after the other. The failure of one of several is printed with its name, and the others go on; the failure of an
 * only one is the command's.
 *
 * @throws also, with several, what is no failure of one of them: a defect, an interrupt
 */
export async function eachTarget<T, R>(
  { io, flags }: Pick<CliContext, 'io' | 'flags'>,
  targets: readonly T[],
  nameOf: (target: T) => string,
  work: (target: T) => Promise<R>,
): Promise<EachResult<R>> {
  const results: R[] = [];
  let exitCode: number = EXIT_CODES.done;
  for (const target of targets) {
    try {
      results.push(await work(target));
    } catch (error) {
      if (targets.length === 1 || !(error instanceof CliError) || error instanceof InterruptedError) throw error;
      const color = io.stderr.isTTY === true && !io.env['NO_COLOR'] && flags.color !== false;
      await printError(error, io.stderr, { color, verbose: flags.verbose === true, subject: nameOf(target) });
      exitCode = Math.max(exitCode, exitCodeOf(error));
    }
  }
  return { results, exitCode };
}
