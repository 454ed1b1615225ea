import type { NameTable } from './name-table.js';

/**
 * A quantity vector: thousandths by interned resource name, zero where there is nothing.
 *
 * Mutable by design, and read in the innermost loops: its length follows the name table's capacity.
 */
export type Vector = number[];

/** A vector of zeros, long enough for all names known so far; shorter ones read as zero beyond their end. */
export function zeroVector(names: NameTable): Vector {
  return Array.from({ length: names.capacity }, () => 0);
}

/** Adds in place, growing the vector when the name is newer than it. */
export function addAt(vector: Vector, name: number, milli: number): void {
  while (vector.length <= name) vector.push(0);
  vector[name] = (vector[name] as number) + milli;
}

export function at(vector: Vector, name: number): number {
  return name < vector.length ? (vector[name] as number) : 0;
}

/** Whether no entry is above zero. */
export function isEmptyVector(vector: Vector): boolean {
  for (let i = 0; i < vector.length; i++) if ((vector[i] as number) > 0) return false;
  return true;
}
