import { Quantities } from '@tranche/resources';
import type { NameTable } from '../cluster/name-table.js';

/** Thousandths by interned name. */
export type Sums = number[];

export function addSum(sums: Sums, name: number, milli: number): void {
  sums[name] = (sums[name] ?? 0) + milli;
}

export function plus(a: Sums, b: Sums): Sums {
  const sum = a.slice();
  for (let name = 0; name < b.length; name++) sum[name] = (sum[name] ?? 0) + (b[name] ?? 0);
  return sum;
}

export function isNothing(sums: Sums): boolean {
  return !sums.some((milli) => milli > 0);
}

export function quantitiesOf(sums: Sums, names: NameTable): Quantities {
  return Quantities.of(sums.flatMap((milli, name) => (milli > 0 ? ([[names.nameOf(name), milli]] as const) : [])));
}

/** Whether the sums are at least what is asked for; a name that nobody has ever used is had by nobody. */
export function coversQuantities(sums: ArrayLike<number>, asked: Quantities, names: NameTable): boolean {
  for (const [name, milli] of asked) {
    const index = names.find(name);
    if (index === undefined || (sums[index] ?? 0) < milli) return false;
  }
  return true;
}
