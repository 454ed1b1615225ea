/**
 * The first items of a list in an order, without sorting all of it: of a hundred thousand, a hundred are wanted.
 *
 * @param compare as of `sort`; equal items keep their order
 */
export function firstOf<T>(items: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  if (count <= 0) return [];
  let best: T[] = [];
  let waiting: T[] = [];
  // Room for as many as are wanted again: each sorting looks at twice the wanted, and keeps half.
  const room = Math.max(count, 1_000);
  for (const item of items) {
    const last = best.length < count ? undefined : (best[count - 1] as T);
    if (last !== undefined && compare(item, last) >= 0) continue;
    waiting.push(item);
    if (waiting.length < room) continue;
    best = best.concat(waiting).sort(compare).slice(0, count);
    waiting = [];
  }
  return best.concat(waiting).sort(compare).slice(0, count);
}
