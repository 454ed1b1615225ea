import { MAX_MILLI, type Milli, toMilli } from '../values/milli.js';
import { normalizeRanges, type Range } from '../values/ranges.js';
import type { ResourceValue } from '../values/resource-value.js';

/** What can be wrong with the text of a value. */
export type ValueFault =
  | 'not a number, ranges or a set'
  | 'not a non-negative decimal number'
  | 'rounds to zero'
  | 'too large'
  | 'unbalanced brackets'
  | 'odd number of range ends'
  | 'not ranges of whole numbers'
  | 'inverted range'
  | 'range end too large'
  | 'empty set item'
  | 'repeated set item';

/** Words a fault for its caller: the same grammar serves texts whose errors read differently. */
export type Refuse = (fault: ValueFault, value: string) => Error;

const PLAIN_DECIMAL = /^(?:\d+\.?\d*|\.\d+)$/;
const RANGE = /^(\d+)-(\d+)$/;
const BRACKETS = /[[\]{}]/;

/** Whether a text, blanks removed, is a plain non-negative decimal number: no sign, exponent, infinity or NaN. */
export function isPlainDecimal(text: string): boolean {
  return PLAIN_DECIMAL.test(text);
}

/** A value's text without any blank: blanks inside values do not count. */
export function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

/**
 * Value by its form: `[…]` ranges, `{…}` a set, else a number.
 *
 * @throws what `refuse` makes of the fault
 */
export function parseValue(text: string, refuse: Refuse): ResourceValue {
  const value = withoutBlanks(text);
  if (value.startsWith('[')) return { kind: 'ranges', ranges: parseRanges(value, refuse) };
  if (value.startsWith('{')) return { kind: 'set', items: parseItems(value, refuse) };
  if (!isPlainDecimal(value)) throw refuse('not a number, ranges or a set', value);
  return { kind: 'scalar', milli: parseScalar(value, refuse) };
}

/**
 * Thousandths of a plain decimal number.
 *
 * @throws what `refuse` makes of the fault: no number, not zero but rounding to it (A2), too large to be exact
 */
export function parseScalar(text: string, refuse: Refuse): Milli {
  const value = withoutBlanks(text);
  if (!isPlainDecimal(value)) throw refuse('not a non-negative decimal number', value);
  const milli = toMilli(Number(value));
  // Digits decide, not the number: one that underflows to 0 is as wrong as any other that rounds to it.
  if (milli === 0 && /[1-9]/.test(value)) throw refuse('rounds to zero', value);
  if (milli > MAX_MILLI) throw refuse('too large', value);
  return milli;
}

/**
 * Ranges from `[1-3,7-10]`, blanks removed; overlapping and touching ones are joined, `[]` is no range.
 *
 * @throws what `refuse` makes of the fault
 */
export function parseRanges(value: string, refuse: Refuse): readonly Range[] {
  const inner = unwrap(value, ']', refuse);
  if (inner === '') return [];
  if (inner.split(/[-,]/).length % 2 !== 0) throw refuse('odd number of range ends', value);
  return normalizeRanges(inner.split(',').map((part) => parseRange(part, refuse)));
}

function parseRange(part: string, refuse: Refuse): Range {
  const match = RANGE.exec(part);
  if (match === null) throw refuse('not ranges of whole numbers', part);
  const begin = Number(match[1]);
  const end = Number(match[2]);
  if (begin > end) throw refuse('inverted range', part);
  if (end > Number.MAX_SAFE_INTEGER) throw refuse('range end too large', part);
  return { begin, end };
}

function parseItems(value: string, refuse: Refuse): readonly string[] {
  const inner = unwrap(value, '}', refuse);
  if (inner === '') return [];
  const items = inner.split(',');
  if (items.includes('')) throw refuse('empty set item', value);
  if (new Set(items).size !== items.length) throw refuse('repeated set item', value);
  return items;
}

function unwrap(value: string, close: string, refuse: Refuse): string {
  const inner = value.slice(1, -1);
  if (value.length < 2 || !value.endsWith(close) || BRACKETS.test(inner)) throw refuse('unbalanced brackets', value);
  return inner;
}
