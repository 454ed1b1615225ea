import { fromMilli, type Milli } from '../values/milli.js';

/** Names whose unit is the mebibyte. */
const SIZES: ReadonlySet<string> = new Set(['mem', 'disk']);
const UNITS = ['MiB', 'GiB', 'TiB', 'PiB'] as const;

/**
 * An amount for people who are to type it again: nothing is rounded, so that it is neither below nor above what is meant.
 *
 * @param milli thousandths of the resource's own unit
 * @returns `0.1`; for mem and disk `1.5 GiB`, in the largest unit that says it in three decimals
 */
export function exactAmount(name: string, milli: Milli): string {
  if (!SIZES.has(name)) return String(fromMilli(milli));
  let unit = 0;
  let scaled = milli;
  // Thousandths of a unit stay whole numbers.
  while (unit < UNITS.length - 1 && scaled >= 1_024_000 && scaled % 1_024 === 0) {
    scaled /= 1_024;
    unit++;
  }
  return `${fromMilli(scaled)} ${UNITS[unit]}`;
}
