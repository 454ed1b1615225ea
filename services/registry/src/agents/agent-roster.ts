import type { AgentRecord } from '@tranche/contracts';
import { isPresent } from './agent-state.js';
import type { KnownAgent } from './known-agent.js';

/** Gets every change of the roster, in order: the table writer and the read model. */
export interface AgentObserver {
  agentChanged(known: KnownAgent): void;
  agentForgotten(agentId: string): void;
}

const addressOf = (agent: Pick<AgentRecord, 'ip' | 'port'>): string => `${agent.ip}:${agent.port}`;

/**
 * All agents that the registry knows, in memory, by id and by address. It leads: the table and the read model follow.
 *
 * Ids are `<clusterId>-S<n>` with n rising; those of recovered agents are counted, so that none is given twice.
 */
export class AgentRoster {
  private readonly byId = new Map<string, KnownAgent>();
  /** Present agents only: an address belongs to one of them at most. */
  private readonly idAt = new Map<string, string>();
  private readonly observers: AgentObserver[] = [];
  private nextNumber = 0;

  constructor(private readonly clusterId: string) {}

  /** The observer gets every change from now on. */
  observe(observer: AgentObserver): void {
    this.observers.push(observer);
  }

  get(agentId: string): KnownAgent | undefined {
    return this.byId.get(agentId);
  }

  /** The present agent at an address. */
  at(address: Pick<AgentRecord, 'ip' | 'port'>): KnownAgent | undefined {
    const agentId = this.idAt.get(addressOf(address));
    return agentId === undefined ? undefined : this.byId.get(agentId);
  }

  /** In order of admission. */
  all(): Iterable<KnownAgent> {
    return this.byId.values();
  }

  /** An id that was never given out in this cluster. */
  newId(): string {
    return `${this.clusterId}-S${this.nextNumber++}`;
  }

  put(known: KnownAgent): void {
    const { record } = known;
    this.releaseAddress(record.agentId);
    this.byId.set(record.agentId, known);
    if (isPresent(record.state)) this.idAt.set(addressOf(record), record.agentId);
    this.countId(record.agentId);
    for (const observer of this.observers) observer.agentChanged(known);
  }

  /** Notes a heartbeat; nothing that is stored or shown changes. @returns false for an agent that has to register (again) */
  noteHeartbeat(agentId: string): boolean {
    const known = this.byId.get(agentId);
    if (known === undefined || known.isRecovered || !isPresent(known.record.state)) return false;
    // Its tasks may have been answered for meanwhile: it has to tell anew what runs on it.
    if (known.record.state === 'disconnected') return false;
    if (!known.hasHeartbeat) this.byId.set(agentId, { ...known, hasHeartbeat: true });
    return true;
  }

  forget(agentId: string): void {
    this.releaseAddress(agentId);
    if (!this.byId.delete(agentId)) return;
    for (const observer of this.observers) observer.agentForgotten(agentId);
  }

  private releaseAddress(agentId: string): void {
    const before = this.byId.get(agentId);
    if (before === undefined) return;
    const address = addressOf(before.record);
    if (this.idAt.get(address) === agentId) this.idAt.delete(address);
  }

  private countId(agentId: string): void {
    const prefix = `${this.clusterId}-S`;
    if (!agentId.startsWith(prefix)) return;
    const number = Number(agentId.slice(prefix.length));
    if (Number.isSafeInteger(number) && number >= this.nextNumber) this.nextNumber = number + 1;
  }
}
