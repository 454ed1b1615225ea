import type { Agent } from './agent.js';

/** Agents by id: also those that left, as long as the registry speaks of them. */
export class AgentTable {
  private readonly agents = new Map<string, Agent>();
  private readonly recovered = new Set<string>();
  private readonly asked = new Set<string>();

  get(agentId: string): Agent | undefined {
    return this.agents.get(agentId);
  }

  /** Adds an agent, or replaces what is known of it. */
  set(agent: Agent): void {
    this.agents.set(agent.agentId, agent);
    if (agent.isRecovered) this.recovered.add(agent.agentId);
    else this.recovered.delete(agent.agentId);
  }

  /** @returns whether it has to be asked to register: not again before it has done so */
  askToRegister(agentId: string): boolean {
    const isNew = !this.asked.has(agentId);
    this.asked.add(agentId);
    return isNew;
  }

  hasRegistered(agentId: string): void {
    this.asked.delete(agentId);
  }

  /** Whether any agent has yet to say what runs on it. */
  hasRecovered(): boolean {
    return this.recovered.size > 0;
  }

  all(): IterableIterator<Agent> {
    return this.agents.values();
  }
}
