import type { EngineState } from '../engine-state.js';
import { consumedOf } from './role.js';

/**
 * What must stay free for guarantees that are not met yet, and what is free for it, during one cycle.
 *
 * @source allocation rule A42
 */
export class Headroom {
  /** Thousandths by name: sum over top-level roles of guarantee − consumed, where positive. */
  required: Float64Array;
  /** Thousandths by name: idle, unreserved, non-revocable scalars of all agents. */
  available: Float64Array;
  /** `available − required` at the end of the last cycle: when more is free at the next, agents held back are tried again. */
  #lastSurplus: Float64Array;
  #wasRequired = false;
  /** Whether there is any quota: without, nobody asks for headroom. */
  isTracked = false;

  constructor(private readonly state: EngineState) {
    const { capacity } = state.names;
    this.required = new Float64Array(capacity);
    this.available = new Float64Array(capacity);
    this.#lastSurplus = new Float64Array(capacity);
  }

  /** Takes stock at the start of a cycle. */
  begin(): void {
    const { names, roles, cluster } = this.state;
    const { capacity } = names;
    if (this.required.length < capacity) {
      this.required = new Float64Array(capacity);
      this.available = new Float64Array(capacity);
      this.#lastSurplus = new Float64Array(capacity);
    }
    this.required.fill(0);
    this.isTracked = roles.withQuota.size > 0;
    for (const role of roles.withQuota) {
      const guarantees = role.quota?.guarantees ?? [];
      for (let name = 0; name < guarantees.length; name++) {
        const missing = (guarantees[name] as number) - consumedOf(role, name);
        if (missing > 0) this.required[name] = (this.required[name] as number) + missing;
      }
    }
    for (let name = 0; name < capacity; name++) this.available[name] = Math.max(0, cluster.idle[name] ?? 0);
    if (this.#isWider()) this.state.quotaLoosenedAt = ++this.state.changes;
  }

  end(): void {
    this.#wasRequired = this.isRequired;
    for (let name = 0; name < this.required.length; name++) this.#lastSurplus[name] = this.surplus(name);
  }

  get isRequired(): boolean {
    for (let name = 0; name < this.required.length; name++) if ((this.required[name] as number) > 0) return true;
    return false;
  }

  surplus(name: number): number {
    return (this.available[name] as number) - (this.required[name] as number);
  }

  /** Whether more may be given than the last cycle thought at its end. */
  #isWider(): boolean {
    if (this.#wasRequired && !this.isRequired) return true;
    for (let name = 0; name < this.required.length; name++) {
      if (this.surplus(name) > (this.#lastSurplus[name] as number)) return true;
    }
    return false;
  }
}
