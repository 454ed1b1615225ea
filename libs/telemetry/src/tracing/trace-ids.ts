import { randomFillSync } from 'node:crypto';

/** One call of the random source gives ids for hundreds of spans. */
const POOL_BYTES = 8_192;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** @param digits even, at most 32. @returns that many random hex digits, not all zero */
export function randomHex(digits: number): string {
  const bytes = digits / 2;
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('hex', used, used + bytes);
  used += bytes;
  return /^0+$/.test(text) ? randomHex(digits) : text;
}
