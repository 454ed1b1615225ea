import type { Quantities } from '@tranche/resources';
import type { NameTable } from '../cluster/name-table.js';

/** Smallest offers: at least one of the vectors must be contained; an empty list lets anything pass (allocation rule A45). */
export type Minimums = readonly { readonly names: readonly number[]; readonly milli: readonly number[] }[];

export function internMinimums(list: readonly Quantities[], names: NameTable): Minimums {
  return list.map((quantities) => {
    const entries = [...quantities];
    return { names: entries.map(([name]) => names.intern(name)), milli: entries.map(([, milli]) => milli) };
  });
}

/** @param sums thousandths by name, of all kinds of values (A7); something must be above zero */
export function passesMinimums(minimums: Minimums, sums: ArrayLike<number>): boolean {
  if (minimums.length === 0) return true;
  for (const { names, milli } of minimums) {
    let isContained = true;
    for (let i = 0; i < names.length; i++) {
      if ((sums[names[i] as number] ?? 0) < (milli[i] as number)) {
        isContained = false;
        break;
      }
    }
    if (isContained) return true;
  }
  return false;
}
