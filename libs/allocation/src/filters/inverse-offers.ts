import type { InverseOffer } from '../engine.js';

interface State {
  isOutstanding: boolean;
  /** Whether the last answer was to accept; undefined before the first. */
  isAccepted?: boolean;
  /** No new one before this time. */
  filteredUntilNs?: number;
}

/** Either of the two that an inverse offer joins. */
type Party = { readonly agentId: string } | { readonly frameworkId: string };

/**
 * Requests to frameworks to give up an agent that is to be taken out of service: which are outstanding, how they were answered,
 * and until when no new one is made.
 *
 * @source allocation rules A60, A76, A78
 */
export class InverseOffers {
  /** By framework, then by agent. Few exist: only agents under maintenance have any. */
  readonly #states = new Map<string, Map<string, State>>();

  /** @returns whether a new one may be made now; it then counts as outstanding */
  offer({ frameworkId, agentId }: InverseOffer, nowNs: number): boolean {
    const state = this.#state(frameworkId, agentId);
    if (state.isOutstanding || (state.filteredUntilNs !== undefined && nowNs < state.filteredUntilNs)) return false;
    state.isOutstanding = true;
    return true;
  }

  /** @param untilNs no new one before; undefined: at any time */
  answer({ frameworkId, agentId }: InverseOffer, isAccepted: boolean, untilNs: number | undefined): void {
    const state = this.#state(frameworkId, agentId);
    state.isOutstanding = false;
    state.isAccepted = isAccepted;
    state.filteredUntilNs = untilNs;
  }

  /** One that is outstanding ended without an answer; filters and earlier answers stay. */
  end({ frameworkId, agentId }: InverseOffer): void {
    const state = this.#states.get(frameworkId)?.get(agentId);
    if (state !== undefined) state.isOutstanding = false;
  }

  clearFilters(party: Party): void {
    for (const [, , state] of this.#of(party)) delete state.filteredUntilNs;
  }

  /** Those who have not answered yet need not any more; filters stay. */
  forgetOutstanding(party: Party): void {
    for (const [, , state] of this.#of(party)) state.isOutstanding = false;
  }

  /** Outstanding ones, answers and filters are forgotten. */
  forget(party: Party): void {
    for (const [frameworkId, agentId] of [...this.#of(party)]) {
      const states = this.#states.get(frameworkId);
      states?.delete(agentId);
      if (states?.size === 0) this.#states.delete(frameworkId);
    }
  }

  *#of(party: Party): Generator<readonly [frameworkId: string, agentId: string, State]> {
    for (const [frameworkId, states] of this.#states) {
      if ('frameworkId' in party && party.frameworkId !== frameworkId) continue;
      for (const [agentId, state] of states) {
        if (!('agentId' in party) || party.agentId === agentId) yield [frameworkId, agentId, state];
      }
    }
  }

  #state(frameworkId: string, agentId: string): State {
    let states = this.#states.get(frameworkId);
    if (states === undefined) this.#states.set(frameworkId, (states = new Map()));
    let state = states.get(agentId);
    if (state === undefined) states.set(agentId, (state = { isOutstanding: false }));
    return state;
  }
}
