/**
 * A source of uniform numbers in [0, 1) that is a function of its seed alone, so that runs can be repeated.
 *
 * @source mulberry32 by Tommy Ettinger, public domain
 */
export function randomSource(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
