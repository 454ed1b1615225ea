import { comparePlaces, type Place } from '@tranche/http';

/** A run that grows beyond this is halved: what an addition moves, against how many runs there are. */
const MAX_RUN = 512;

/**
 * Entries in the order of their list, which adding and removing keep: runs in order, each in order.
 *
 * Entries must not change their place while they are here, and the list must not change while it is walked.
 */
export class SortedList<T extends Place> {
  private readonly runs: T[][] = [];

  constructor(private readonly compare: (a: T, b: T) => number = comparePlaces) {}

  /** Behind those of the same place. */
  add(entry: T): void {
    const isBehind = (other: T): boolean => this.compare(other, entry) > 0;
    const index = Math.min(this.runWith(isBehind), Math.max(0, this.runs.length - 1));
    const run = this.runs[index];
    if (run === undefined) {
      this.runs.push([entry]);
      return;
    }
    run.splice(firstWith(run, isBehind), 0, entry);
    if (run.length > MAX_RUN) this.runs.splice(index, 1, run.slice(0, MAX_RUN / 2), run.slice(MAX_RUN / 2));
  }

  delete(entry: T): void {
    const isThere = (other: T): boolean => this.compare(other, entry) >= 0;
    for (let index = this.runWith(isThere); index < this.runs.length; index++) {
      const run = this.runs[index] as T[];
      const at = run.indexOf(entry, firstWith(run, isThere));
      if (at >= 0) {
        run.splice(at, 1);
        if (run.length === 0) this.runs.splice(index, 1);
        return;
      }
      if (this.compare(run.at(-1) as T, entry) > 0) return;
    }
  }

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  /** From the first one behind a place to the last. */
  *after(place?: Place): Generator<T> {
    const isBehind = (entry: T): boolean => place === undefined || comparePlaces(entry, place) > 0;
    const begin = this.runWith(isBehind);
    for (let index = begin; index < this.runs.length; index++) {
      const run = this.runs[index] as T[];
      for (let at = index === begin ? firstWith(run, isBehind) : 0; at < run.length; at++) yield run[at] as T;
    }
  }

  /** Backwards, from the last one before a place to the first. */
  *before(place?: Place): Generator<T> {
    const isPast = (entry: T): boolean => place !== undefined && comparePlaces(entry, place) >= 0;
    const begin = Math.min(this.runWith(isPast), this.runs.length - 1);
    for (let index = begin; index >= 0; index--) {
      const run = this.runs[index] as T[];
      for (let at = (index === begin ? firstWith(run, isPast) : run.length) - 1; at >= 0; at--) yield run[at] as T;
    }
  }

  private runWith(isWanted: (entry: T) => boolean): number {
    return firstWith(this.runs, (run) => isWanted(run.at(-1) as T));
  }
}

/** Several such lists, by what their entries have in common. */
export class SortedLists<T extends Place> {
  private readonly lists = new Map<string, SortedList<T>>();

  constructor(private readonly compare?: (a: T, b: T) => number) {}

  get(id: string): SortedList<T> | undefined {
    return this.lists.get(id);
  }

  add(id: string, entry: T): void {
    let list = this.lists.get(id);
    if (list === undefined) {
      list = new SortedList<T>(this.compare);
      this.lists.set(id, list);
    }
    list.add(entry);
  }

  delete(id: string, entry: T): void {
    const list = this.lists.get(id);
    list?.delete(entry);
    if (list?.isEmpty) this.lists.delete(id);
  }
}

/** Index of the first item that is wanted, as all behind it are; the length when none is. */
function firstWith<T>(items: readonly T[], isWanted: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isWanted(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
