import type { AgentRow } from '../cluster/agent-row.js';
import type { Bundle } from '../cluster/bundle.js';
import type { Client } from '../frameworks/framework.js';
import { ExpiryQueue } from './expiry-queue.js';

/** A refusal: one framework, in one role, does not want this or less of one agent (allocation rules A55, A58). */
export interface Filter {
  readonly client: Client;
  readonly agent: AgentRow;
  readonly bundle: Bundle;
  readonly endNs: number;
  /** Number of batch cycles run before its installation. */
  readonly installedAfter: number;
  isLive: boolean;
  /** Positions in the lists of the agent and of the client, so that it leaves both at once. */
  agentPosition: number;
  clientPosition: number;
}

/**
 * Refusals in force, by agent and by client, and when they end.
 *
 * A filter lives for the refusal's time, at least one allocation interval, and in any case through the first batch cycle after its
 * installation (A57). Nothing is tested for expiry while a cycle runs.
 */
export class OfferFilters {
  readonly #ending = new ExpiryQueue<Filter>();
  /** Ended, but still owed their first batch cycle. */
  #overdue: Filter[] = [];
  #batches = 0;
  /** Filters in the queue that were cleared before their end. */
  #cleared = 0;
  readonly #intervalNs: number;
  /** Hears of every filter that goes: its agent may be wanted again. */
  readonly #onRemoved: (agent: AgentRow) => void;

  constructor(intervalNs: number, onRemoved: (agent: AgentRow) => void) {
    this.#intervalNs = intervalNs;
    this.#onRemoved = onRemoved;
  }

  /** @param refusalNs above 0: zero means no filter (A56) */
  install(client: Client, agent: AgentRow, bundle: Bundle, nowNs: number, refusalNs: number): void {
    const filter: Filter = {
      client,
      agent,
      bundle,
      endNs: nowNs + Math.max(refusalNs, this.#intervalNs),
      installedAfter: this.#batches,
      isLive: true,
      agentPosition: agent.filters.length,
      clientPosition: client.filters.length,
    };
    agent.filters.push(filter);
    agent.refusers.push(client.number);
    client.filters.push(filter);
    this.#ending.push(filter);
  }

  /** Removes what has ended by now, before anything else happens at this instant. */
  expire(nowNs: number): void {
    for (let filter = this.#ending.popEnded(nowNs); filter !== undefined; filter = this.#ending.popEnded(nowNs)) {
      if (!filter.isLive) this.#cleared--;
      else if (filter.installedAfter === this.#batches) this.#overdue.push(filter);
      else this.#remove(filter);
    }
  }

  /** A batch cycle has run: whatever waited for it alone goes. */
  batchHasRun(): void {
    this.#batches++;
    for (const filter of this.#overdue) this.#remove(filter);
    this.#overdue = [];
  }

  clearClient(client: Client): void {
    this.#clear(client.filters);
  }

  clearAgent(agent: AgentRow): void {
    this.#clear(agent.filters);
  }

  #clear(list: readonly Filter[]): void {
    this.#cleared += list.length;
    for (let last = list.at(-1); last !== undefined; last = list.at(-1)) this.#remove(last);
    if (this.#cleared > 1024 && this.#cleared * 2 > this.#ending.size) {
      this.#ending.retain(({ isLive }) => isLive);
      this.#cleared = 0;
    }
  }

  /** Takes it off both lists; the last entry of each moves into the gap. The queue drops it when it ends. */
  #remove(filter: Filter): void {
    if (!filter.isLive) return;
    filter.isLive = false;
    const ofAgent = filter.agent.filters.pop() as Filter;
    filter.agent.refusers.pop();
    if (ofAgent !== filter) {
      filter.agent.filters[filter.agentPosition] = ofAgent;
      filter.agent.refusers[filter.agentPosition] = ofAgent.client.number;
      ofAgent.agentPosition = filter.agentPosition;
    }
    const ofClient = filter.client.filters.pop() as Filter;
    if (ofClient !== filter) {
      filter.client.filters[filter.clientPosition] = ofClient;
      ofClient.clientPosition = filter.clientPosition;
    }
    this.#onRemoved(filter.agent);
  }
}
