/** A scalar in integer thousandths: resources have three decimals (allocation rule A2). */
export type Milli = number;

/** Largest scalar that is kept exactly, in thousandths: about 9 × 10¹² units. Larger input is invalid. */
export const MAX_MILLI: Milli = Number.MAX_SAFE_INTEGER;

/**
 * Thousandths of a number, rounded half away from zero.
 *
 * @param value a finite number
 * @returns an integer; the product is formed in double precision first, as in Mesos
 * @source allocation rule A2: 1.5015 → 1502, 1.2345 → 1235
 */
export function toMilli(value: number): Milli {
  const magnitude = Math.round(Math.abs(value) * 1000);
  return value < 0 ? -magnitude : magnitude;
}

/** The number that stands for this many thousandths. */
export function fromMilli(milli: Milli): number {
  return milli / 1000;
}

/** Decimal text with at most three decimals and no trailing zero: 1500 → `1.5`. */
export function formatMilli(milli: Milli): string {
  return String(milli / 1000);
}
