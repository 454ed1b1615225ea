import { isPresentState } from '@tranche/contracts';
import type { Agent } from './agent.js';
import { ToldAgents } from './told-agents.js';

/** Agents by id: also those that left, as long as the registry speaks of them. */
export class AgentTable {
  readonly told: ToldAgents;
  private readonly agents = new Map<string, Agent>();
  private listed = false;

  /** @param life source of this life of the service, `offers/1f6c…` */
  constructor(life: string) {
    this.told = new ToldAgents(life);
  }

  get(agentId: string): Agent | undefined {
    return this.agents.get(agentId);
  }

  /** Adds an agent, or replaces what is known of it. */
  set(agent: Agent): void {
    this.agents.set(agent.agentId, agent);
    this.told.note(agent.agentId, isPresentState(agent.record.state));
  }

  /** The registry has listed them: an agent that is not in here is none. */
  complete(): void {
    this.listed = true;
  }

  get isComplete(): boolean {
    return this.listed;
  }

  all(): IterableIterator<Agent> {
    return this.agents.values();
  }
}
