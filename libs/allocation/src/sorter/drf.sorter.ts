import type { ClusterTotals } from '../cluster/cluster-totals.js';
import type { Amounts } from './amounts.js';
import { NONE, OrderNodes } from './order-nodes.js';
import { SharedCopies } from './shared-copies.js';
import { type Activity, type Sorter, type SorterClient, type SorterKind, VIRTUAL_LEAF } from './sorter.js';

/**
 * Hierarchical dominant resource fairness: whoever has the smallest share of what it has most of comes first.
 *
 * @source Ghodsi et al., "Dominant Resource Fairness", NSDI 2011, section 4; shares divided by weights and compared among
 *   siblings of a tree as in Mesos' DRF sorter (allocation rules A16–A27)
 */
export const drfSorter: SorterKind = {
  name: 'drf',
  open({ names, totals }) {
    const nodes = new OrderNodes(names);
    const copies = new SharedCopies();
    const clients: (DrfClient<unknown> | undefined)[] = [];
    return { create: <T>() => new DrfSorter<T>(nodes, clients as (DrfClient<T> | undefined)[], copies, totals) };
  },
};

class DrfClient<T> implements SorterClient<T> {
  activity: Activity = 'inactive';
  constructor(
    readonly path: string,
    readonly payload: T,
    public node: number,
  ) {}
}

class DrfSorter<T> implements Sorter<T> {
  readonly #root: number;
  readonly #byPath = new Map<string, number>();
  #weights: Map<string, number> | undefined;
  #size = 0;
  #cursor = NONE;
  /** Totals by which the cached shares were computed. While they differ from the current ones, the order is not kept. */
  #sortedAt: number;

  constructor(
    private readonly nodes: OrderNodes,
    /** By node: the client of a leaf. */
    private readonly clients: (DrfClient<T> | undefined)[],
    private readonly copies: SharedCopies,
    private readonly totals: ClusterTotals,
  ) {
    this.#root = nodes.create(NONE, '');
    this.#sortedAt = totals.version;
  }

  get size(): number {
    return this.#size;
  }

  add(path: string, payload: T): SorterClient<T> {
    let parent = this.#root;
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      parent = this.#innerNode(parent, path.slice(0, slash));
    }
    const own = this.#byPath.get(path);
    const node = own === undefined ? this.#createNode(parent, path) : this.#createNode(own, path + VIRTUAL_LEAF);
    const client = new DrfClient(path, payload, node);
    this.clients[node] = client;
    this.#size++;
    return client;
  }

  remove(client: SorterClient<T>): void {
    const own = client as DrfClient<T>;
    this.setActivity(own, 'inactive');
    let node = own.node;
    this.clients[node] = undefined;
    this.#size--;
    let parent = this.nodes.parent[node] as number;
    this.#destroyNode(node);
    while (parent !== this.#root && this.nodes.children[parent] === 0) {
      node = parent;
      parent = this.nodes.parent[node] as number;
      this.#destroyNode(node);
    }
    if (parent !== this.#root && this.nodes.children[parent] === 1) this.#collapse(parent);
  }

  setActivity(client: SorterClient<T>, activity: Activity): void {
    const own = client as DrfClient<T>;
    const change = Number(activity === 'active') - Number(own.activity === 'active');
    own.activity = activity;
    if (change === 0) return;
    const { nodes } = this;
    for (let node = own.node; node !== this.#root; node = nodes.parent[node] as number) {
      const leaves = (nodes.activeLeaves[node] as number) + change;
      nodes.activeLeaves[node] = leaves;
      if (leaves > 0 && nodes.linked[node] === 0) {
        nodes.share[node] = this.#shareOf(node);
        nodes.link(node);
      } else if (leaves === 0) {
        nodes.unlink(node);
      }
    }
  }

  setWeight(path: string, weight: number): void {
    this.#weights ??= new Map();
    if (weight === 1) this.#weights.delete(path);
    else this.#weights.set(path, weight);
    const node = this.#byPath.get(path);
    if (node === undefined) return;
    this.nodes.weight[node] = weight;
    this.#keyChanged(node);
  }

  charge(client: SorterClient<T>, amounts: Amounts, counts: boolean): void {
    const { nodes } = this;
    for (let node = (client as DrfClient<T>).node; node !== this.#root; node = nodes.parent[node] as number) {
      this.#addHeld(node, amounts, 1);
      for (const piece of amounts.shared) {
        if (this.copies.add(node, piece)) this.#addAt(node, piece.name, piece.milli);
      }
      if (counts) nodes.count[node] = (nodes.count[node] as number) + 1;
      this.#keyChanged(node);
    }
  }

  credit(client: SorterClient<T>, amounts: Amounts): void {
    const { nodes } = this;
    for (let node = (client as DrfClient<T>).node; node !== this.#root; node = nodes.parent[node] as number) {
      this.#addHeld(node, amounts, -1);
      for (const piece of amounts.shared) {
        if (this.copies.remove(node, piece)) this.#addAt(node, piece.name, -piece.milli);
      }
      this.#keyChanged(node);
    }
  }

  start(): T | undefined {
    if (this.#sortedAt !== this.totals.version) this.#resort();
    return this.#descend(this.nodes.first(this.#root));
  }

  next(): T | undefined {
    let node = this.#cursor;
    while (node !== this.#root && node !== NONE) {
      const sibling = this.nodes.next(node);
      if (sibling !== NONE) return this.#descend(sibling);
      node = this.nodes.parent[node] as number;
    }
    this.#cursor = NONE;
    return undefined;
  }

  listing(): string[] {
    const listed = new Map<number, Set<number>>();
    const note = (node: number): void => {
      if (node === this.#root) return;
      const parent = this.nodes.parent[node] as number;
      const siblings = listed.get(parent) ?? new Set();
      if (siblings.has(node)) return;
      listed.set(parent, siblings.add(node));
      note(parent);
    };
    if (this.#sortedAt !== this.totals.version) this.#resort();
    for (const node of this.#byPath.values()) {
      const client = this.clients[node];
      if (client !== undefined && client.activity !== 'inactive') note(node);
    }
    const inOrder = (parent: number): string[] =>
      [...(listed.get(parent) ?? [])]
        .map((node) => this.#refreshed(node))
        .toSorted((a, b) => this.nodes.compare(a, b))
        .flatMap((node) => this.clients[node]?.path ?? inOrder(node));
    return inOrder(this.#root);
  }

  share(path: string): number | undefined {
    const node = this.#byPath.get(path);
    return node === undefined ? undefined : this.#shareOf(node);
  }

  /** The node, with its cached share brought up to date: that of an unvisited node may be old. */
  #refreshed(node: number): number {
    this.nodes.share[node] = this.#shareOf(node);
    return node;
  }

  /** First active leaf in or below the node. */
  #descend(from: number): T | undefined {
    let node = from;
    while (node !== NONE && this.clients[node] === undefined) node = this.nodes.first(node);
    this.#cursor = node;
    return node === NONE ? undefined : this.clients[node]?.payload;
  }

  /** The inner node of a path: created, or made from the client's leaf that is there (allocation rule A16). */
  #innerNode(parent: number, path: string): number {
    const node = this.#byPath.get(path) ?? this.#createNode(parent, path);
    const client = this.clients[node];
    if (client === undefined) return node;
    const virtual = this.#createNode(node, path + VIRTUAL_LEAF);
    const { nodes } = this;
    nodes.held.copyWithin(virtual * nodes.stride, node * nodes.stride, (node + 1) * nodes.stride);
    nodes.count[virtual] = nodes.count[node] as number;
    this.copies.copy(node, virtual);
    this.clients[node] = undefined;
    this.clients[virtual] = client;
    client.node = virtual;
    if ((nodes.activeLeaves[node] as number) > 0) {
      nodes.activeLeaves[virtual] = 1;
      nodes.share[virtual] = this.#shareOf(virtual);
      nodes.link(virtual);
    }
    return node;
  }

  /** Turns an inner node back into the leaf of the client whose virtual leaf is its only child; it keeps its own count. */
  #collapse(node: number): void {
    const virtual = this.#byPath.get((this.nodes.path[node] as string) + VIRTUAL_LEAF);
    const client = virtual === undefined ? undefined : this.clients[virtual];
    if (virtual === undefined || client === undefined) return;
    if (this.nodes.linked[virtual] === 1) this.nodes.unlink(virtual);
    this.clients[virtual] = undefined;
    this.#destroyNode(virtual);
    this.clients[node] = client;
    client.node = node;
  }

  #createNode(parent: number, path: string): number {
    const node = this.nodes.create(parent, path);
    this.nodes.weight[node] = this.#weights?.get(path) ?? 1;
    this.#byPath.set(path, node);
    return node;
  }

  #destroyNode(node: number): void {
    this.#byPath.delete(this.nodes.path[node] as string);
    this.copies.forget(node);
    this.nodes.destroy(node);
  }

  #addHeld(node: number, amounts: Amounts, sign: 1 | -1): void {
    const { names, milli, size } = amounts;
    for (let i = 0; i < size; i++) this.#addAt(node, names[i] as number, sign * (milli[i] as number));
  }

  #addAt(node: number, name: number, milli: number): void {
    const cell = node * this.nodes.stride + name;
    this.nodes.held[cell] = (this.nodes.held[cell] as number) + milli;
  }

  /** Recomputes a node's share and moves it, unless everything is to be sorted anew anyway. */
  #keyChanged(node: number): void {
    const { nodes } = this;
    if (nodes.linked[node] === 0 || this.#sortedAt !== this.totals.version) return;
    nodes.share[node] = this.#shareOf(node);
    nodes.reposition(node);
  }

  #shareOf(node: number): number {
    const { held, stride, weight } = this.nodes;
    const { divisors } = this.totals;
    let largest = 0;
    for (let name = 0, cell = node * stride; name < divisors.length; name++, cell++) {
      const divisor = divisors[name] as number;
      if (divisor > 0) largest = Math.max(largest, (held[cell] as number) / divisor);
    }
    return largest / (weight[node] as number);
  }

  /** Recomputes all shares in the order after totals have changed, and sorts the children whose order that upset. */
  #resort(): void {
    const pending = [this.#root];
    for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
      const children: number[] = [];
      let isSorted = true;
      for (let child = this.nodes.first(parent); child !== NONE; child = this.nodes.next(child)) {
        this.nodes.share[child] = this.#shareOf(child);
        const before = children.at(-1);
        if (before !== undefined && this.nodes.compare(before, child) > 0) isSorted = false;
        children.push(child);
      }
      if (!isSorted) {
        for (const child of children) this.nodes.unlink(child);
        for (const child of children) this.nodes.link(child);
      }
      for (const child of children) if (this.clients[child] === undefined) pending.push(child);
    }
    this.#sortedAt = this.totals.version;
  }
}
