import type { NameTable } from '../cluster/name-table.js';
import { compareBytes } from '@tranche/resources';

/** No node. Node numbers start at 1, so that 0 reads as false. */
export const NONE = 0;

/**
 * The nodes of all DRF sorters of one engine, column by column in flat arrays, and the order among siblings.
 *
 * Visited siblings form one search tree per parent, ordered by (share, allocation count, path). It is kept balanced by
 * rotating nodes into heap order of a number mixed from the node's own number (a treap), so that moving a node after its
 * share has changed costs a logarithm of its siblings, and walking to the next costs next to nothing.
 * Arrays and mutation are deliberate: thousands of moves are made in each cycle. The bench holds this.
 */
export class OrderNodes {
  #size = 1;
  #free: number[] = [];
  stride: number;
  parent = new Int32Array(64);
  /** Root of the search tree over the visited children. */
  top = new Int32Array(64);
  left = new Int32Array(64);
  right = new Int32Array(64);
  up = new Int32Array(64);
  /** 1 while the node is in its parent's search tree. */
  linked = new Uint8Array(64);
  /** Clients of the subtree that a cycle visits. */
  activeLeaves = new Int32Array(64);
  children = new Int32Array(64);
  share = new Float64Array(64);
  weight = new Float64Array(64);
  /** How often something was allocated in the subtree. */
  count = new Float64Array(64);
  /** `stride` thousandths a node: what its subtree holds. */
  held: Float64Array;
  readonly path: string[] = [''];

  constructor(names: NameTable) {
    this.stride = names.capacity;
    this.held = new Float64Array(64 * this.stride);
    names.onGrow((capacity) => this.#restride(capacity));
  }

  create(parent: number, path: string): number {
    const node = this.#free.pop() ?? this.#append();
    this.parent[node] = parent;
    this.top[node] = this.left[node] = this.right[node] = this.up[node] = NONE;
    this.linked[node] = this.activeLeaves[node] = this.children[node] = 0;
    this.share[node] = this.count[node] = 0;
    this.weight[node] = 1;
    this.held.fill(0, node * this.stride, (node + 1) * this.stride);
    this.path[node] = path;
    if (parent !== NONE) this.children[parent] = (this.children[parent] as number) + 1;
    return node;
  }

  /** The node must have no children and must not be linked. */
  destroy(node: number): void {
    const parent = this.parent[node] as number;
    if (parent !== NONE) this.children[parent] = (this.children[parent] as number) - 1;
    this.path[node] = '';
    this.#free.push(node);
  }

  /** Negative when `a` is served before `b` (allocation rule A19). Never 0 for two siblings. */
  compare(a: number, b: number): number {
    const byShare = (this.share[a] as number) - (this.share[b] as number);
    if (byShare !== 0) return byShare;
    const byCount = (this.count[a] as number) - (this.count[b] as number);
    return byCount !== 0 ? byCount : compareBytes(this.path[a] as string, this.path[b] as string);
  }

  /** Puts the node into its place among its visited siblings. */
  link(node: number): void {
    const parent = this.parent[node] as number;
    this.linked[node] = 1;
    let at = this.top[parent] as number;
    if (at === NONE) {
      this.top[parent] = node;
      return;
    }
    for (;;) {
      const side = this.compare(node, at) < 0 ? this.left : this.right;
      const below = side[at] as number;
      if (below === NONE) {
        side[at] = node;
        break;
      }
      at = below;
    }
    this.up[node] = at;
    while (this.up[node] !== NONE && mix(node) > mix(this.up[node])) this.#rotateUp(node);
  }

  unlink(node: number): void {
    for (;;) {
      const left = this.left[node] as number;
      const right = this.right[node] as number;
      if (left === NONE || right === NONE) {
        this.#replace(node, left === NONE ? right : left);
        break;
      }
      this.#rotateUp(mix(left) > mix(right) ? left : right);
    }
    this.left[node] = this.right[node] = this.up[node] = NONE;
    this.linked[node] = 0;
  }

  /** Restores the order after the node's share or count has risen or fallen. */
  reposition(node: number): void {
    const after = this.next(node);
    if (after === NONE || this.compare(node, after) < 0) {
      const before = this.previous(node);
      if (before === NONE || this.compare(before, node) < 0) return;
    }
    this.unlink(node);
    this.link(node);
  }

  /** First of the parent's visited children. */
  first(parent: number): number {
    let node = this.top[parent] as number;
    if (node === NONE) return NONE;
    while (this.left[node] !== NONE) node = this.left[node] as number;
    return node;
  }

  next(node: number): number {
    return this.#neighbour(node, this.left, this.right);
  }

  previous(node: number): number {
    return this.#neighbour(node, this.right, this.left);
  }

  /** The next node in the direction of `onward`; `back` is the other one. */
  #neighbour(node: number, back: Int32Array, onward: Int32Array): number {
    let at = onward[node] as number;
    if (at !== NONE) {
      while (back[at] !== NONE) at = back[at] as number;
      return at;
    }
    let from = node;
    at = this.up[node] as number;
    while (at !== NONE && onward[at] === from) {
      from = at;
      at = this.up[at] as number;
    }
    return at;
  }

  #rotateUp(node: number): void {
    const above = this.up[node] as number;
    const isLeft = this.left[above] === node;
    const near = isLeft ? this.left : this.right;
    const far = isLeft ? this.right : this.left;
    const moved = far[node] as number;
    this.#replace(above, node);
    near[above] = moved;
    if (moved !== NONE) this.up[moved] = above;
    far[node] = above;
    this.up[above] = node;
  }

  /** Puts `other` (or nothing) where `node` hangs. */
  #replace(node: number, other: number): void {
    const above = this.up[node] as number;
    if (above === NONE) this.top[this.parent[node] as number] = other;
    else if (this.left[above] === node) this.left[above] = other;
    else this.right[above] = other;
    if (other !== NONE) this.up[other] = above;
  }

  #append(): number {
    const node = this.#size++;
    if (node === this.parent.length) this.#enlarge(node * 2);
    return node;
  }

  #enlarge(length: number): void {
    for (const column of ['parent', 'top', 'left', 'right', 'up', 'activeLeaves', 'children'] as const) {
      this[column] = copyInto(new Int32Array(length), this[column]);
    }
    for (const column of ['share', 'weight', 'count'] as const) {
      this[column] = copyInto(new Float64Array(length), this[column]);
    }
    this.linked = copyInto(new Uint8Array(length), this.linked);
    this.held = copyInto(new Float64Array(length * this.stride), this.held);
  }

  #restride(stride: number): void {
    const wider = new Float64Array(this.parent.length * stride);
    for (let node = 0; node < this.#size; node++) {
      wider.set(this.held.subarray(node * this.stride, (node + 1) * this.stride), node * stride);
    }
    this.held = wider;
    this.stride = stride;
  }
}

function copyInto<A extends Int32Array | Float64Array | Uint8Array>(target: A, source: A): A {
  target.set(source);
  return target;
}

/** Scrambles a node's number into a heap priority, the same in every run. */
function mix(node: number): number {
  let x = Math.imul(node ^ (node >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}
