import { grisu2 } from './grisu.js';

/** A text of this length can have 16 digits: below that the shortest digits are unique. */
const LONG_TEXT = 17;

/**
 * A double as Mesos prints it: few digits that read back as the same number, always with a fraction or an exponent
 * (`4.0`, `0.1`, `1e21`); `Infinity`, `-Infinity` and `NaN` as bare words.
 *
 * @param value a number, or the JSON-safe form of one
 */
export function jsonDouble(value: unknown): string {
  if (typeof value !== 'number') return Number.isFinite(Number(value)) ? jsonDouble(Number(value)) : String(value);
  const text = String(value);
  if (text.length >= LONG_TEXT && Number.isFinite(value)) return long(value);
  if (Number.isInteger(value) && !text.includes('e')) return Object.is(value, -0) ? '-0.0' : `${text}.0`;
  return text.includes('e+') ? text.replace('e+', 'e') : text;
}

/** The same with the digits of {@link grisu2}, where they can differ from the shortest ones that ECMAScript prints. */
function long(value: number): string {
  const { digits, exponent } = grisu2(Math.abs(value));
  const sign = value < 0 ? '-' : '';
  const point = digits.length + exponent;
  if (point > 21 || point <= -6) return sign + scientific(digits, point - 1);
  if (exponent >= 0) return `${sign}${digits}${'0'.repeat(exponent)}.0`;
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${'0'.repeat(-point)}${digits}`;
}

function scientific(digits: string, exponent: number): string {
  return `${digits.slice(0, 1)}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${exponent}`;
}
