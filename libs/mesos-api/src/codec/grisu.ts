/**
 * Digits of a double as the printer inside Mesos finds them: Grisu2 with 64-bit significands and, as in RapidJSON 1.1, no
 * rounding of the last digit after more than eight fractional steps. The digits read back as the same number but are not
 * always the closest of their length, which is what ECMAScript prints: `1795354088.7721072` for `…071`. Recorded bytes can
 * be reproduced only this way.
 *
 * @source Loitsch, "Printing Floating-Point Numbers Quickly and Accurately with Integers", PLDI 2010, section 5
 */

/** f × 2^e */
interface DiyFp {
  readonly f: bigint;
  readonly e: number;
}

/** digits × 10^exponent */
export interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

const SIGNIFICAND_BITS = 52n;
const HIDDEN_BIT = 1n << SIGNIFICAND_BITS;
const EXPONENT_BIAS = 1075;
/** After this many fractional steps the last digit is left as it comes. */
const MAX_ROUNDED_STEPS = 8;

const view = new DataView(new ArrayBuffer(8));
const powers = new Map<number, DiyFp>();

/** Digits of a positive finite double. */
export function grisu2(value: number): Decimal {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> SIGNIFICAND_BITS) & 0x7ffn);
  const fraction = bits & (HIDDEN_BIT - 1n);
  const f = biased === 0 ? fraction : fraction | HIDDEN_BIT;
  const e = (biased === 0 ? 1 : biased) - EXPONENT_BIAS;

  const upper = normalized({ f: 2n * f + 1n, e: e - 1 });
  const lower = f === HIDDEN_BIT ? { f: 4n * f - 1n, e: e - 2 } : { f: 2n * f - 1n, e: e - 1 };
  const index = powerIndex(upper.e);
  const power = cachedPower(index);
  const high = product(upper, power);
  const low = product({ f: lower.f << BigInt(lower.e - upper.e), e: upper.e }, power);
  const exact = product(normalized({ f, e }), power);
  // One unit inwards on either side, because the products are rounded.
  return digits({ f: high.f - 1n, e: high.e }, high.f - low.f - 2n, high.f - 1n - exact.f, 348 - 8 * index);
}

function normalized({ f, e }: DiyFp): DiyFp {
  const high = Number(f >> 32n);
  const shift = high > 0 ? Math.clz32(high) : 32 + Math.clz32(Number(f));
  return { f: f << BigInt(shift), e: e - shift };
}

function product(a: DiyFp, b: DiyFp): DiyFp {
  return { f: (a.f * b.f + (1n << 63n)) >> 64n, e: a.e + b.e + 64 };
}

/** Which power of ten brings a significand with this binary exponent into the range of {@link digits}. */
function powerIndex(e: number): number {
  const k = Math.ceil((-61 - e) * 0.30102999566398114 + 347);
  return (k >> 3) + 1;
}

/** 10^(8·index − 348), rounded to 64 bits. */
function cachedPower(index: number): DiyFp {
  let power = powers.get(index);
  if (power === undefined) {
    const exponent = 8 * index - 348;
    power = exponent >= 0 ? rounded(10n ** BigInt(exponent), 1n) : rounded(1n, 10n ** BigInt(-exponent));
    powers.set(index, power);
  }
  return power;
}

function rounded(numerator: bigint, denominator: bigint): DiyFp {
  let e = numerator.toString(2).length - denominator.toString(2).length - 64;
  for (;;) {
    const doubled = e <= 0 ? (numerator << BigInt(1 - e)) / denominator : (2n * numerator) / (denominator << BigInt(e));
    const f = (doubled + 1n) >> 1n;
    if (f < 1n << 63n) e -= 1;
    else if (f >= 1n << 64n) e += 1;
    else return { f, e };
  }
}

/**
 * Generates digits from the upper bound down until the rest is inside the interval.
 *
 * @param high upper bound of the interval, with an exponent from −60 to −32
 * @param width of the interval
 * @param distance from the upper bound to the exact value
 * @param exponent decimal exponent that the scaling took away
 */
function digits(high: DiyFp, width: bigint, distance: bigint, exponent: number): Decimal {
  const shift = BigInt(-high.e);
  const mask = (1n << shift) - 1n;
  const whole = (high.f >> shift).toString();
  let rest = high.f & mask;
  let text = '';
  for (let kappa = whole.length - 1; kappa >= 0; kappa -= 1) {
    text += whole.charAt(whole.length - 1 - kappa);
    const remainder = (BigInt(whole.slice(whole.length - kappa) || '0') << shift) + rest;
    if (remainder <= width) {
      const unit = (10n ** BigInt(kappa)) << shift;
      return { digits: lowered(text, width, remainder, unit, distance), exponent: exponent + kappa };
    }
  }
  for (let step = 1, scale = 10n; ; step += 1, scale *= 10n) {
    rest *= 10n;
    text += (rest >> shift).toString();
    rest &= mask;
    if (rest < width * scale) {
      const target = step <= MAX_ROUNDED_STEPS ? distance * scale : 0n;
      return { digits: lowered(text, width * scale, rest, mask + 1n, target), exponent: exponent - step };
    }
  }
}

/** Lowers the last digit while that brings the number closer to the exact value. */
function lowered(text: string, width: bigint, remainder: bigint, unit: bigint, distance: bigint): string {
  let last = Number(text.slice(-1));
  let rest = remainder;
  while (
    rest < distance &&
    width - rest >= unit &&
    (rest + unit < distance || distance - rest > rest + unit - distance)
  ) {
    last -= 1;
    rest += unit;
  }
  return text.slice(0, -1) + String(last);
}
