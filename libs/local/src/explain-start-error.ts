import { LocalStartError } from './local.errors.js';

/** Codes of errors that a wrong flag causes: exit code 2, like any other wrong usage. */
const USAGE_CODES = new Set(['agent/bad-option', 'config/invalid', 'persistence/bad-url', 'containerizer/isolation']);

/** What to do, for errors of the parts that a person can do something about. */
const HINTS: Readonly<Record<string, string>> = {
  'agent/bad-option': 'all flags: npm start -- --help',
  'containerizer/none-works': 'let the machine decide: npm start without --containers',
  'persistence/newer-schema': 'use that version again, or another folder: npm start -- --data DIR',
};

/** Text and exit code for whatever kept the cluster from starting: the reason with its values, then what to do. */
export function explainStartError(error: unknown, part: string): { text: string; exitCode: 1 | 2 } {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const name = typeof code === 'string' ? code : '';
  const reason = typeof message === 'string' ? message : String(error);
  const hints = error instanceof LocalStartError ? error.hints : HINTS[name] === undefined ? [] : [HINTS[name]];
  const failed = part === 'self-check' ? 'the self-check failed' : `${part} cannot start`;
  const first = error instanceof LocalStartError ? reason : `${failed}: ${reason}`;
  return {
    text: [`error: ${first}`, ...hints.map((hint) => `  ${hint}`), ''].join('\n'),
    exitCode: USAGE_CODES.has(name) ? 2 : 1,
  };
}
