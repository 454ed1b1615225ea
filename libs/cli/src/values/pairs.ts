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

/** A test of labels: all parts of `k=v,k!=v` hold. */
export type LabelFilter = (labels: Readonly<Record<string, string>>) => boolean;

/**
 * Reads `-l k=v,k!=v`; a bare `k` asks that there is such a label.
 *
 * @throws UsageError
 */
export function parseLabelFilter(text: string): LabelFilter {
  const tests = text.split(',').map((part): LabelFilter => {
    const [, key, operator, value] = /^\s*([^=!\s]+)\s*(?:(!?=)\s*(.*?))?\s*$/.exec(part) ?? [];
    if (key === undefined) throw new UsageError(`-l: "${part}" is not of the form NAME=VALUE or NAME!=VALUE`);
    if (operator === undefined) return (labels) => key in labels;
    return operator === '=' ? (labels) => labels[key] === value : (labels) => labels[key] !== value;
  });
  return (labels) => tests.every((test) => test(labels));
}
