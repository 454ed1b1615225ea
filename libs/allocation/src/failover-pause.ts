import type { Recovery } from './engine.js';

/**
 * Holds cycles back after a failover until most agents are known again: otherwise guarantees would be met from
 * whatever part of the cluster came back first.
 *
 * @source allocation rule A80
 */
export class FailoverPause {
  /** Agents still to come; 0 when there is no pause (any more). */
  #missing = 0;
  #endNs: number | undefined;
  #timeoutNs = 0;

  constructor(recovery: Recovery | undefined) {
    if (recovery !== undefined) this.begin(recovery, 0);
  }

  /** Begins a pause, counted from the next time that is told. @param present agents that are back already */
  begin({ expectedAgents, factor, timeoutMs }: Recovery, present: number): void {
    this.#missing = Math.floor(expectedAgents * factor) - present;
    this.#timeoutNs = timeoutMs * 1e6;
    this.#endNs = undefined;
  }

  /** Whether cycles are held back. The first time told counts as the start. */
  isPaused(nowNs: number, hasQuota: boolean): boolean {
    if (this.#missing <= 0) return false;
    this.#endNs ??= nowNs + this.#timeoutNs;
    if (hasQuota && nowNs < this.#endNs) return true;
    this.#missing = 0;
    return false;
  }

  /** What `isPaused` would answer, without counting as having been told the time. */
  wouldPause(nowNs: number, hasQuota: boolean): boolean {
    return this.#missing > 0 && hasQuota && (this.#endNs === undefined || nowNs < this.#endNs);
  }

  agentAdded(): void {
    if (this.#missing > 0) this.#missing--;
  }

  /** Whether agents are still missing, as far as was known when time was last told. */
  get isWaiting(): boolean {
    return this.#missing > 0;
  }
}
