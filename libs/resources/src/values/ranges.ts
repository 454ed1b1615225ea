/** Inclusive integer interval; 0 ≤ begin ≤ end ≤ 2^53 − 1. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Ranges in normal form: ascending, and neither touching nor overlapping (allocation rule A3). */
export type Ranges = readonly Range[];

/** Normal form of any list of intervals: sorted, with touching and overlapping ones joined. */
export function normalizeRanges(list: readonly Range[]): Ranges {
  if (list.length < 2) return list;
  const joined: Range[] = [];
  for (const range of list.toSorted((a, b) => a.begin - b.begin)) append(joined, range);
  return joined;
}

/** Union of two normal forms. */
export function unionRanges(a: Ranges, b: Ranges): Ranges {
  const union: Range[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (right === undefined || (left !== undefined && left.begin <= right.begin)) {
      append(union, left as Range);
      i++;
    } else {
      append(union, right);
      j++;
    }
  }
  return union;
}

/** What is in `a` and not in `b`. `b` need not be contained. */
export function subtractRanges(a: Ranges, b: Ranges): Ranges {
  const rest: Range[] = [];
  let j = 0;
  for (const { begin, end } of a) {
    let from = begin;
    while (j < b.length && (b[j] as Range).end < from) j++;
    // `j` stays on an interval that may reach into the next one of `a`.
    for (let k = j; k < b.length && (b[k] as Range).begin <= end && from <= end; k++) {
      const cut = b[k] as Range;
      if (cut.begin > from) rest.push({ begin: from, end: cut.begin - 1 });
      from = Math.max(from, cut.end + 1);
    }
    if (from <= end) rest.push({ begin: from, end });
  }
  return rest;
}

/** Whether each interval of `b` lies inside one interval of `a` (allocation rule A4). */
export function containsRanges(a: Ranges, b: Ranges): boolean {
  let i = 0;
  for (const { begin, end } of b) {
    while (i < a.length && (a[i] as Range).end < begin) i++;
    const outer = a[i];
    if (outer === undefined || outer.begin > begin || outer.end < end) return false;
  }
  return true;
}

export function equalRanges(a: Ranges, b: Ranges): boolean {
  return a.length === b.length && a.every((range, i) => range.begin === b[i]?.begin && range.end === b[i]?.end);
}

/** How many integers the intervals hold: the quantity of a ranges resource (allocation rule A7). */
export function countIntegers(ranges: Ranges): number {
  let count = 0;
  for (const { begin, end } of ranges) count += end - begin + 1;
  return count;
}

/** The `count` smallest integers of the ranges. */
export function takeLowest(ranges: Ranges, count: number): Ranges {
  const taken: Range[] = [];
  let left = count;
  for (const { begin, end } of ranges) {
    if (left <= 0) break;
    const size = Math.min(left, end - begin + 1);
    taken.push({ begin, end: begin + size - 1 });
    left -= size;
  }
  return taken;
}

/** Text of ranges: `[1-3, 7-10]`. */
export function formatRanges(ranges: Ranges): string {
  return `[${ranges.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
}

function append(list: Range[], range: Range): void {
  const last = list.at(-1);
  if (last === undefined || range.begin > last.end + 1) list.push(range);
  else if (range.end > last.end) list[list.length - 1] = { begin: last.begin, end: range.end };
}
