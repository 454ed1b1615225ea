/** Reflected polynomial of CRC-32. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;

/** Product of two polynomials modulo CRC-32's. */
function times(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/** x to the power of 2^n. */
const POWERS: number[] = [ONE >>> 1];
for (let n = 1; n < 32; n++) POWERS.push(times(POWERS[n - 1] as number, POWERS[n - 1] as number));

/**
 * The CRC-32 of two pieces in a row, from those of each.
 *
 * @param sizeBytes of the second
 * @source zlib, `crc32_combine`
 */
export function crc32Combine(first: number, second: number, sizeBytes: number): number {
  let shift = ONE;
  // Bytes have eight bits: the power of two begins at the third.
  for (let rest = sizeBytes, n = 3; rest > 0; rest = Math.floor(rest / 2), n++) {
    if (rest % 2 === 1) shift = times(POWERS[n % 32] as number, shift);
  }
  return (times(shift, first) ^ second) >>> 0;
}
