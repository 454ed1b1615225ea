/**
 * Uniform numbers in [0, 1) that are a function of the seed alone.
 *
 * @param seed a safe integer, also negative
 * @source Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix), in 32 bits
 */
export function seededRandom(seed: number): () => number {
  // Both halves of the seed count, and neighbouring seeds give unrelated sequences.
  let state = mixed((seed | 0) ^ mixed(Math.floor(seed / 2 ** 32) + GOLDEN));
  return () => {
    state = (state + GOLDEN) | 0;
    return (mixed(state) >>> 0) / 2 ** 32;
  };
}

const GOLDEN = 0x9e3779b9;

function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return bits ^ (bits >>> 15);
}
