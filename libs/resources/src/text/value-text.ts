import { ResourceError } from '../resource.errors.js';
import { MAX_MILLI, type Milli, toMilli } from '../values/milli.js';
import { normalizeRanges, type Range } from '../values/ranges.js';
import type { ResourceValue } from '../values/resource-value.js';

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
 * @param subject what the value belongs to; begins every message
 * @throws ResourceError `resources/bad-text`
 */
export function parseValue(subject: string, text: string): ResourceValue {
  const value = withoutBlanks(text);
  if (value.startsWith('[')) return { kind: 'ranges', ranges: parseRanges(subject, value) };
  if (value.startsWith('{')) return { kind: 'set', items: parseItems(subject, value) };
  if (!isPlainDecimal(value)) throw refuse(subject, 'not a number, ranges or a set', value);
  return { kind: 'scalar', milli: parseScalar(subject, value) };
}

/**
 * Thousandths of a plain decimal number.
 *
 * @throws ResourceError `resources/bad-text`: no number, not zero but rounding to it (A2), or too large to be exact
 */
export function parseScalar(subject: string, text: string): Milli {
  const value = withoutBlanks(text);
  if (!isPlainDecimal(value)) throw refuse(subject, 'not a non-negative decimal number', value);
  const number = Number(value);
  const milli = toMilli(number);
  // A number written with so many zeros that it underflows is as wrong as any other that rounds to zero.
  if (milli === 0 && /[1-9]/.test(value)) throw refuse(subject, 'rounds to zero', value);
  if (milli > MAX_MILLI) throw refuse(subject, 'too large', value);
  return milli;
}

/**
 * Ranges from `[1-3,7-10]`; overlapping and touching ones are joined, `[]` is no range.
 *
 * @throws ResourceError `resources/bad-text`
 */
export function parseRanges(subject: string, value: string): readonly Range[] {
  const inner = unwrap(subject, value, ']');
  if (inner === '') return [];
  return normalizeRanges(inner.split(',').map((part) => parseRange(subject, part, value)));
}

function parseRange(subject: string, part: string, value: string): Range {
  const match = RANGE.exec(part);
  if (match === null) throw refuse(subject, 'expected ranges such as [1-3, 7-10]', value);
  const begin = Number(match[1]);
  const end = Number(match[2]);
  if (begin > end) throw refuse(subject, 'inverted range', part);
  if (end > Number.MAX_SAFE_INTEGER) throw refuse(subject, 'range end too large', part);
  return { begin, end };
}

function parseItems(subject: string, value: string): readonly string[] {
  const inner = unwrap(subject, value, '}');
  if (inner === '') return [];
  const items = inner.split(',');
  if (items.includes('')) throw refuse(subject, 'empty set item', value);
  if (new Set(items).size !== items.length) throw refuse(subject, 'repeated set item', value);
  return items;
}

function unwrap(subject: string, value: string, close: string): string {
  const inner = value.slice(1, -1);
  if (value.length < 2 || !value.endsWith(close) || BRACKETS.test(inner)) {
    throw refuse(subject, 'unbalanced brackets', value);
  }
  return inner;
}

function refuse(subject: string, reason: string, value: string): ResourceError {
  return new ResourceError('resources/bad-text', `${subject}: ${reason}: ${value}`);
}
