/**
 * Compares two texts by their UTF-8 bytes, which is the order meant by "byte order" everywhere.
 *
 * JavaScript compares UTF-16 units, which differs only where a surrogate (a character above U+FFFF) meets a unit
 * above U+DFFF: the surrogate must then sort last.
 *
 * @returns negative, zero or positive, as for `Array.sort`
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit <= 0xdfff ? unit + 0x2000 : unit - 0x800;
}
