import { styleText } from 'node:util';
import { CliError, NotFoundError } from './cli.errors.js';
import type { TextOutput } from './cli-io.js';

/**
 * Prints a failure: `error: what is wrong`, then what is known and what to do, indented by two. No stack trace, unless it is a defect
 * and `verbose`.
 *
 * @param subject which of several things has failed; put first where the message does not name it
 */
export async function printError(
  error: unknown,
  output: TextOutput,
  { color, verbose, subject }: { color: boolean; verbose: boolean; subject?: string },
): Promise<void> {
  const label = color ? styleText('red', 'error:', { validateStream: false }) : 'error:';
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const details = error instanceof CliError ? error.details : verbose && stack ? stack.split('\n').slice(1) : [];
  const suggestion = await suggestionOf(error);
  const about = subject === undefined || message.includes(subject) ? '' : `${subject}: `;
  const lines = [`${label} ${about}${message}`, ...[...suggestion, ...details].map((line) => `  ${line}`)];
  output.write(`${lines.join('\n')}\n`);
}

/** Loaded only now: most commands end well. */
async function suggestionOf(error: unknown): Promise<string[]> {
  if (!(error instanceof NotFoundError) || !error.typo) return [];
  const { nearest } = await import('@tranche/config');
  const meant = nearest(error.typo.text, error.typo.names);
  return meant === undefined ? [] : [`did you mean ${meant}?`];
}
