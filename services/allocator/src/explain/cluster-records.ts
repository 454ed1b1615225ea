import type { OutstandingOffer } from '@tranche/allocation';
import {
  type AgentRecord,
  type AgentStateChanged,
  type DrainState,
  type FrameworkRecord,
  isIn,
  type OffersChanged,
  type Partition,
  WHOLE,
} from '@tranche/contracts';
import { Resources } from '@tranche/resources';

/** What explanations need beside the engine: names, states and their reasons, and offers. From the facts of the other services. */
export class ClusterRecords {
  readonly #agents = new Map<string, AgentRecord>();
  readonly #drains = new Map<string, DrainState>();
  readonly #frameworks = new Map<string, FrameworkRecord>();
  readonly #offers = new Map<string, OutstandingOffer>();
  /** By framework and role. */
  readonly #lastOfferMs = new Map<string, number>();

  agent(record: AgentRecord): void {
    this.#agents.set(record.agentId, record);
    this.#drain(record.agentId, record.drain?.state);
  }

  agentStateChanged({ agentId, state, reason, atMs, drain }: AgentStateChanged): void {
    const record = this.#agents.get(agentId);
    if (record === undefined) return;
    this.#drain(agentId, drain);
    // Who has left for good is no agent of the cluster any more.
    if (state === 'removed' || state === 'gone') this.#agents.delete(agentId);
    else this.#agents.set(agentId, { ...record, state, stateReason: reason, stateSinceMs: atMs });
  }

  agents(records: readonly AgentRecord[]): void {
    this.#agents.clear();
    this.#drains.clear();
    for (const record of records) if (record.state !== 'removed' && record.state !== 'gone') this.agent(record);
  }

  /** Removed ones are kept, so that their end can be explained, as long as the source of the facts tells of them. */
  framework(record: FrameworkRecord): void {
    this.#frameworks.set(record.frameworkId, record);
    if (record.state !== 'removed') return;
    for (const role of record.roles) this.#lastOfferMs.delete(keyOf(record.frameworkId, role));
    this.#forgetOldest();
  }

  offersChanged(change: OffersChanged): void {
    if (change.kind === 'ended') {
      this.#offers.delete(change.offerId);
      return;
    }
    const { offerId, frameworkId, agentId, role, resources, madeAtMs } = change.offer;
    const bare = Resources.fromJson(resources).withoutAllocationRole();
    this.#offers.set(offerId, { offerId, frameworkId, agentId, role, madeAtMs, resources: bare });
    this.#lastOfferMs.set(keyOf(frameworkId, role), madeAtMs);
  }

  /** Facts were missed, or a partition of `offers` has begun a new life: which offers are still there is not known. They count as in use. */
  forgetOffers(partition: Partition = WHOLE): void {
    for (const { offerId, frameworkId } of [...this.#offers.values()]) {
      if (isIn(partition, frameworkId)) this.#offers.delete(offerId);
    }
  }

  /** Why nothing is offered of an agent: its state, or of a deactivated one how far its drain is; `recovering` of one that looks well. */
  inactiveReason(agentId: string): string | undefined {
    const state = this.#agents.get(agentId)?.state;
    if (state === 'active') return 'recovering';
    return state === 'deactivated' ? (this.#drains.get(agentId) ?? state) : state;
  }

  findAgent(agentId: string): AgentRecord | undefined {
    return this.#agents.get(agentId);
  }

  findFramework(frameworkId: string): FrameworkRecord | undefined {
    return this.#frameworks.get(frameworkId);
  }

  get agentRecords(): Iterable<AgentRecord> {
    return this.#agents.values();
  }

  get frameworks(): Iterable<FrameworkRecord> {
    return this.#frameworks.values();
  }

  get offers(): Iterable<OutstandingOffer> {
    return this.#offers.values();
  }

  lastOfferMs(frameworkId: string, role: string): number | undefined {
    return this.#lastOfferMs.get(keyOf(frameworkId, role));
  }

  hostnameOf(agentId: string): string {
    return this.#agents.get(agentId)?.hostname ?? agentId;
  }

  frameworkNameOf(frameworkId: string): string {
    return this.#frameworks.get(frameworkId)?.info.name ?? frameworkId;
  }

  #drain(agentId: string, state: DrainState | undefined): void {
    if (state === undefined) this.#drains.delete(agentId);
    else this.#drains.set(agentId, state);
  }

  #forgetOldest(): void {
    const removed = Array.from(this.#frameworks.values()).filter(({ state }) => state === 'removed');
    for (const { frameworkId } of removed.slice(0, -KEPT_REMOVED)) this.#frameworks.delete(frameworkId);
  }
}

/** Removed frameworks that can still be explained. */
const KEPT_REMOVED = 100;

const keyOf = (frameworkId: string, role: string): string => `${frameworkId} ${role}`;
