import type { ClusterTotals } from '../cluster/cluster-totals.js';
import type { NameTable } from '../cluster/name-table.js';
import type { Amounts } from './amounts.js';

/**
 * Whether a client is part of the order (allocation rule A22).
 *
 * `inactive`: not listed · `idle`: listed, but a cycle need not visit it, as nobody below it takes offers now ·
 * `active`: listed and visited. All of them count in shares.
 */
export type Activity = 'inactive' | 'idle' | 'active';

/** A client's handle within its sorter. Opaque: only the sorter that made it may read more than this. */
export interface SorterClient<T> {
  /** A role name, or a framework id. */
  readonly path: string;
  readonly payload: T;
}

/**
 * Orders clients by who is to be served next.
 *
 * Clients form a tree split at slashes (allocation rule A16): a client that also has clients below it is represented by a
 * virtual leaf `path/.` among its children. There is one sorter of roles, and for each role one of its frameworks.
 * A cycle walks a sorter with `start` and `next` and reports what it gave only after the walk of one agent, so a walk
 * never sees the order change (allocation rule A50).
 */
export interface Sorter<T> {
  readonly size: number;
  /** Adds an inactive client that holds nothing. A path may be added once. */
  add(path: string, payload: T): SorterClient<T>;
  /** The client must hold nothing. Its allocation count is lost, those of its ancestors stay (A21). */
  remove(client: SorterClient<T>): void;
  setActivity(client: SorterClient<T>, activity: Activity): void;
  /** Weight of a path, positive; it may be set before the path exists and stays after it is gone (A18). */
  setWeight(path: string, weight: number): void;
  /**
   * The client now holds this much more.
   *
   * @param counts whether it was an allocation, which raises allocation counts (A21), or a conversion (A27)
   */
  charge(client: SorterClient<T>, amounts: Amounts, counts: boolean): void;
  /** The client holds this much less. Counts stay. */
  credit(client: SorterClient<T>, amounts: Amounts): void;
  /** Begins a walk and returns the first active client's payload; undefined when there is none. */
  start(): T | undefined;
  next(): T | undefined;
  /** The current order of all listed clients, as paths (allocation rule A20). */
  listing(): string[];
  /** The share by which the node of a path is compared, weight included (A17, A18); undefined without such a node. */
  share(path: string): number | undefined;
}

/** What every sorter of one engine shares. */
export interface SorterEnvironment {
  readonly names: NameTable;
  readonly totals: ClusterTotals;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** One kind of sorter: one file, and one line in `sorters.ts`. */
export interface SorterKind {
  readonly name: string;
  /** Opens what the sorters of one engine have in common, and returns how to make one. */
  open(environment: SorterEnvironment): SorterFactory;
}

export interface SorterFactory {
  create<T>(): Sorter<T>;
}

/** Suffix of the leaf that stands for a client among its own descendants. */
export const VIRTUAL_LEAF = '/.';
