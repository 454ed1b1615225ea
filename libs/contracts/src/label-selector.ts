/** One condition on labels: that there is one, that it has a value, or that it has not. */
export interface LabelTerm {
  readonly key: string;
  readonly operator?: '=' | '!=';
  readonly value: string;
}

/** Conditions all of which hold. */
export type LabelSelector = readonly LabelTerm[];

const TERM = /^\s*([^=!\s]+)\s*(?:(!?=)\s*(.*?))?\s*$/s;

/**
 * Reads `KEY=VALUE,OTHER!=VALUE,THIRD`, as `?label=` and the command line's `-l` take it.
 *
 * @returns the part that cannot be read
 */
export function parseSelector(text: string): LabelSelector | { readonly unread: string } {
  const terms: LabelTerm[] = [];
  for (const part of text.split(',')) {
    const [, key, operator, value = ''] = TERM.exec(part) ?? [];
    if (key === undefined) return { unread: part };
    terms.push({ key, value, ...(operator === undefined ? {} : { operator: operator as '=' | '!=' }) });
  }
  return terms;
}

/** @param valueOf the value of a label; undefined where there is none */
export const isSelected = (selector: LabelSelector, valueOf: (key: string) => string | undefined): boolean =>
  selector.every(({ key, operator, value }) => {
    const found = valueOf(key);
    if (operator === undefined) return found !== undefined;
    return operator === '=' ? found === value : found !== value;
  });
