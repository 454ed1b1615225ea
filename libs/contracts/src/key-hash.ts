/**
 * A number of a key that is the same in every process and version, well spread.
 *
 * @returns 0 ≤ hash < 2^32
 * @source FNV-1a of 32 bits over UTF-16 code units, mixed by MurmurHash3's finalizer so that ids which differ in their last digit spread
 */
export function keyHash(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
