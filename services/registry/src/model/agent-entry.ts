import { Resources } from '@tranche/resources';
import type { KnownAgent } from '../agents/known-agent.js';
import { ResourceSum } from './resource-sum.js';
import { TaskTally } from './task-tally.js';

/** One agent as the read model knows it. Tasks and offers may name an agent before the roster does, and after it forgot it. */
export interface AgentEntry {
  readonly agentId: string;
  known: KnownAgent | undefined;
  /** Everything the agent has. */
  total: Resources;
  /** Held by tasks. */
  used: ResourceSum;
  /** In outstanding offers. */
  offered: ResourceSum;
  /** Of all shown tasks of frameworks that are not completed. */
  tally: TaskTally;
  /** The same tasks by framework. */
  tasksOfFramework: Map<string, number>;
}

export const newAgentEntry = (agentId: string): AgentEntry => ({
  agentId,
  known: undefined,
  total: Resources.EMPTY,
  used: new ResourceSum(),
  offered: new ResourceSum(),
  tally: new TaskTally(),
  tasksOfFramework: new Map(),
});

/** Nothing refers to the agent any more. */
export const isForgettable = (agent: AgentEntry): boolean =>
  agent.known === undefined && agent.tally.isEmpty && agent.used.isEmpty && agent.offered.isEmpty;
