import { Resources } from '@tranche/resources';
import type { AgentObserver } from '../agents/agent-roster.js';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import { type AgentEntry, isForgettable, newAgentEntry } from './agent-entry.js';
import type { AgentWatcher } from './cluster-observer.js';
import { count } from './counts.js';
import { type ModelChanges, touch } from './model-changes.js';
import type { TaskEntry } from './task-entry.js';

/** The agents' side of the read model: the roster's records with what tasks and offers hold on each. */
export class AgentTable implements AgentObserver {
  private readonly agents = new Map<string, AgentEntry>();
  /** Hears who comes and goes. */
  watcher: AgentWatcher | undefined;

  constructor(private readonly changes: () => ModelChanges) {}

  get(agentId: string): AgentEntry | undefined {
    return this.agents.get(agentId);
  }

  /** Those that the registry knows, in order of admission. */
  *known(): Iterable<AgentEntry & { known: KnownAgent }> {
    for (const agent of this.agents.values()) {
      if (agent.known !== undefined) yield agent as AgentEntry & { known: KnownAgent };
    }
  }

  agentChanged(known: KnownAgent): void {
    const agent = this.entry(known.record.agentId);
    if (agent.known?.record.resources !== known.record.resources) {
      agent.total = Resources.fromJson(known.record.resources);
    }
    const wasRegistered = agent.known !== undefined && isRegistered(agent.known);
    agent.known = known;
    touch(this.changes().agents, agent);
    if (!wasRegistered && isRegistered(known)) this.watcher?.agentAdded(agent);
    if (wasRegistered && known.record.state === 'removed') this.watcher?.agentRemoved(agent.agentId);
  }

  agentForgotten(agentId: string): void {
    const agent = this.agents.get(agentId);
    if (agent === undefined) return;
    agent.known = undefined;
    this.settle(agent);
  }

  hold(agentId: string, kind: 'used' | 'offered', resources: Resources): void {
    if (resources.isEmpty) return;
    const agent = this.entry(agentId);
    agent[kind].add(resources);
    this.settle(agent);
  }

  release(agentId: string, kind: 'used' | 'offered', resources: Resources): void {
    const agent = this.agents.get(agentId);
    if (agent === undefined || resources.isEmpty) return;
    agent[kind].remove(resources);
    this.settle(agent);
  }

  /** Nothing is held anywhere and no task is shown: before a snapshot is applied. */
  releaseAll(): void {
    for (const agent of this.agents.values()) {
      Object.assign(agent, { ...newAgentEntry(agent.agentId), known: agent.known, total: agent.total });
      this.settle(agent);
    }
  }

  /** A task of a framework that is not completed is shown, or no longer. */
  tally({ record }: TaskEntry, by: 1 | -1): void {
    const agent = this.entry(record.agentId);
    agent.tally.add(record.state, by);
    count(agent.tasksOfFramework, record.frameworkId, by);
    this.settle(agent);
  }

  private entry(agentId: string): AgentEntry {
    let agent = this.agents.get(agentId);
    if (agent === undefined) {
      agent = newAgentEntry(agentId);
      this.agents.set(agentId, agent);
    }
    return agent;
  }

  private settle(agent: AgentEntry): void {
    touch(this.changes().agents, agent);
    if (isForgettable(agent)) this.agents.delete(agent.agentId);
  }
}
