/**
 * JSON-safe forms of the protobuf scalars that JSON numbers cannot hold: they survive `JSON.stringify` and
 * `JSON.parse` inside messages between services.
 */

/** A 64-bit integer: a number when it is a safe integer, else its decimal digits. */
export type Int64 = number | string;

/** A double: a number when it is finite, else the name that Mesos gives it in JSON. */
export type Double = number | 'Infinity' | '-Infinity' | 'NaN';

/** The number that a JSON-safe double stands for. */
export function doubleToNumber(value: Double): number {
  return typeof value === 'number' ? value : Number(value);
}

/** JSON-safe form of any number; the sign of zero is not kept, because `JSON.stringify` would lose it anyway. */
export function numberToDouble(value: number): Double {
  return Number.isFinite(value) ? value + 0 : (String(value) as Double);
}

/** The integer that a JSON-safe 64-bit value stands for. */
export function int64ToBigInt(value: Int64): bigint {
  return BigInt(value);
}

/** JSON-safe form of an integer; the caller keeps it within 64 bits. */
export function bigIntToInt64(value: bigint): Int64 {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
