import { UsageError } from '../cli.errors.js';

/**
 * Reads `K=V` pairs, as `--env` and `--label` take them. The value may contain `=` and may be empty.
 *
 * @param what names the flag in the error
 * @throws UsageError
 */
export function parsePairs(texts: readonly string[], what: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0) throw new UsageError(`${what}: "${text}" is not of the form NAME=VALUE`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
