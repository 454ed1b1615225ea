import { AGENT_TRAITS, type AgentRow } from '../cluster/agent-row.js';
import { type Bundle, BundleBuilder } from '../cluster/bundle.js';
import { containsEntries } from '../cluster/bundle-algebra.js';
import type { Kind } from '../cluster/kind-table.js';
import type { EngineState } from '../engine-state.js';
import type { Filter } from '../filters/offer-filters.js';
import type { Client } from '../frameworks/framework.js';
import type { Role } from '../roles/role.js';
import { type Minimums, passesMinimums } from './minimums.js';

/** From so many refusals on, a table of who refused is cheaper than looking through them for everybody. */
const MANY_REFUSERS = 32;

/**
 * One agent during one stage of a cycle: what is free there, what of it a role may have, what of that an offer would hold.
 *
 * Amounts are thousandths by the agent's slot, counted from 0; ranges and sets are offered whole or not at all.
 * One object serves all visits, and its arrays are overwritten: a cycle makes ten thousands of visits. The bench holds this.
 */
export class Visit {
  row!: AgentRow;
  /** First slot of the agent. */
  start = 0;
  size = 0;
  traits = 0;
  /** What is free. */
  #free = new Float64Array(16);
  /** What of it is allocatable to the role being tried: `#free` itself when nothing is reserved or shared. */
  #able = this.#free;
  #ownAble = new Float64Array(16);
  /** What the offer being composed would hold: `#able` itself when nothing is left out. */
  offer = this.#free;
  #ownOffer = new Float64Array(16);
  /** Sums by name of what is allocatable, and whether they are up to date. */
  #sums = new Float64Array(4);
  #sumsAreFresh = false;
  #ableIsEmpty = true;
  #offerSums = new Float64Array(4);
  /** Numbers of the clients with refusals here, when they are many; made when first asked for. */
  #marked: Set<number> | undefined;
  /** Shared volumes that were offered in this cycle (A51), by agent. */
  readonly #sharedOffered = new Map<number, Set<Kind>>();

  constructor(private readonly state: EngineState) {}

  /** Forgets the last cycle. */
  begin(): void {
    this.#sharedOffered.clear();
  }

  enter(row: AgentRow): void {
    const { cluster } = this.state;
    this.row = row;
    this.start = cluster.start[row.index] as number;
    this.size = cluster.size[row.index] as number;
    this.traits = cluster.traits[row.index] as number;
    if (this.size > this.#free.length) this.#enlarge(this.size);
    if (this.#sums.length < this.state.names.capacity) {
      this.#sums = new Float64Array(this.state.names.capacity);
      this.#offerSums = new Float64Array(this.state.names.capacity);
    }
    this.#marked = undefined;
    this.#loadFree();
  }

  /** Whether nothing is left on the agent for anybody. */
  get isExhausted(): boolean {
    return (this.state.cluster.freeSlots[this.row.index] as number) === 0;
  }

  /** Whether a shared volume of the agent has been offered in this cycle: it may be offered again in the next. */
  get hasOfferedShared(): boolean {
    return this.#sharedOffered.has(this.row.index);
  }

  /**
   * Finds what is available to the role (allocation rule A39, test 2).
   *
   * @returns whether there is anything
   */
  enterRole(role: Role): boolean {
    if ((this.traits & (AGENT_TRAITS.hasReservations | AGENT_TRAITS.hasShared)) === 0) {
      this.#able = this.#free;
      this.#ableIsEmpty = this.isExhausted;
      return !this.#ableIsEmpty;
    }
    this.#able = this.#ownAble;
    this.#sumsAreFresh = false;
    this.#ableIsEmpty = true;
    const { kinds } = this.state.cluster.slots;
    const offered = this.#sharedOffered.get(this.row.index);
    for (let i = 0; i < this.size; i++) {
      const kind = kinds[this.start + i] as Kind;
      const isAble =
        (kind.role === undefined || role.lineage.includes(kind.role)) &&
        !(kind.isShared && offered?.has(kind) === true);
      const milli = isAble ? (this.#free[i] as number) : 0;
      this.#able[i] = milli;
      if (milli > 0) this.#ableIsEmpty = false;
    }
    return !this.#ableIsEmpty;
  }

  get isEmptyForRole(): boolean {
    return this.#ableIsEmpty;
  }

  /** Whether all that is available to the role is worth an offer (allocation rule A39, test 3). */
  isWorthOffering(minimums: Minimums): boolean {
    if (minimums.length === 0) return true;
    if (!this.#sumsAreFresh) {
      this.#sum(this.#able, this.#sums);
      this.#sumsAreFresh = true;
    }
    return passesMinimums(minimums, this.#sums);
  }

  /** Starts an offer with all that is available to the role and that the framework can handle (allocation rule A48). */
  compose({ framework }: Client): void {
    this.offer = this.#able;
    if ((this.traits & AGENT_TRAITS.hasSpecials) === 0) return;
    this.ownOffer();
    const { kinds } = this.state.cluster.slots;
    for (let i = 0; i < this.size; i++) {
      const kind = kinds[this.start + i] as Kind;
      if (
        (kind.isShared && framework.stripsShared) ||
        (kind.isRevocable && framework.stripsRevocable) ||
        (kind.isRefined && framework.stripsRefined)
      ) {
        this.offer[i] = 0;
      }
    }
  }

  /** Makes the offer's amounts changeable without changing what is available. */
  ownOffer(): Float64Array {
    if (this.offer !== this.#ownOffer) {
      for (let i = 0; i < this.size; i++) this.#ownOffer[i] = this.offer[i] as number;
      this.offer = this.#ownOffer;
    }
    return this.offer;
  }

  /** Whether the composed offer is worth making (allocation rule A39, test 7). */
  offerIsWorthMaking(minimums: Minimums): boolean {
    if (this.offer === this.#able) return true;
    let isEmpty = true;
    for (let i = 0; i < this.size; i++) {
      if ((this.offer[i] as number) > 0) {
        isEmpty = false;
        break;
      }
    }
    if (isEmpty) return false;
    if (minimums.length === 0) return true;
    this.#sum(this.offer, this.#offerSums);
    return passesMinimums(minimums, this.#offerSums);
  }

  /** Whether the client has refused this or more on this agent (allocation rule A55). */
  isRefused(client: Client): boolean {
    const { refusers, filters } = this.row;
    if (!this.#hasRefused(client.number)) return false;
    const { kinds, free } = this.state.cluster.slots;
    const columns = { kinds, values: free };
    for (let i = 0; i < refusers.length; i++) {
      if (refusers[i] !== client.number) continue;
      const { bundle } = filters[i] as Filter;
      if (containsEntries(bundle, columns, this.start, this.size, this.offer)) return true;
    }
    return false;
  }

  #hasRefused(client: number): boolean {
    const { refusers } = this.row;
    if (refusers.length < MANY_REFUSERS) return refusers.includes(client);
    this.#marked ??= new Set(refusers);
    return this.#marked.has(client);
  }

  /** The composed offer, made into what is held. */
  toBundle(): Bundle {
    const { slots } = this.state.cluster;
    let isWhole = true;
    for (let i = 0; i < this.size && isWhole; i++) isWhole = this.offer[i] === slots.total[this.start + i];
    if (isWhole) return this.row.bundle;
    const builder = new BundleBuilder();
    for (let i = 0; i < this.size; i++) {
      const milli = this.offer[i] as number;
      if (milli === 0) continue;
      const slot = this.start + i;
      builder.add(slots.kinds[slot] as Kind, milli, slots.free[slot], 1);
    }
    return builder.build();
  }

  /** The composed offer has been made: reads anew what is free. The role must be entered again. */
  hasGiven(bundle: Bundle): void {
    if ((this.traits & AGENT_TRAITS.hasShared) !== 0) {
      for (const kind of bundle.kinds) if (kind.isShared) this.#noteShared(kind);
    }
    if (!this.isExhausted) this.#loadFree();
  }

  #noteShared(kind: Kind): void {
    const offered = this.#sharedOffered.get(this.row.index);
    if (offered === undefined) this.#sharedOffered.set(this.row.index, new Set([kind]));
    else offered.add(kind);
  }

  #loadFree(): void {
    const { cluster } = this.state;
    for (let i = 0; i < this.size; i++) this.#free[i] = cluster.freeMilli(this.start + i);
    this.#sumsAreFresh = false;
  }

  #sum(amounts: Float64Array, sums: Float64Array): void {
    sums.fill(0);
    const { kinds } = this.state.cluster.slots;
    for (let i = 0; i < this.size; i++) {
      const name = (kinds[this.start + i] as Kind).name;
      sums[name] = (sums[name] as number) + (amounts[i] as number);
    }
  }

  #enlarge(size: number): void {
    this.#free = new Float64Array(size * 2);
    this.#ownAble = new Float64Array(size * 2);
    this.#ownOffer = new Float64Array(size * 2);
  }
}
