import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { AgentRecord } from '../records/agent-record.js';
import { FactNumbers } from '../records/fact-numbers.js';
import { OperationReport } from '../records/operation-record.js';
import { ExecutorReport, FrameworkReport, TaskReport } from '../records/task-report.js';

/**
 * An agent was admitted, for the first time or again.
 *
 * Published by `registry` after it has answered the agent. `allocator` learns the agent's total but offers nothing of it until
 * `offers` has sent `agent.usage` for it. `offers` reconciles its tasks with `tasks`: unknown ones are adopted, missing ones are lost.
 * A receiver that knows the agent replaces what it knows.
 */
export const AgentRegisteredV1 = fact({
  name: 'agent.registered',
  version: 1,
  isTransient: true,
  owner: 'registry',
  item: Type.Object({
    agent: AgentRecord,
    /** False for an id that the registry had never given out before. */
    reregistered: Type.Boolean(),
    tasks: Type.Array(TaskReport),
    frameworks: Type.Array(FrameworkReport),
    /** Absent: none but those of command tasks. */
    executors: Type.Optional(Type.Array(ExecutorReport)),
    /** As the agent has reported them; absent: none. */
    operations: Type.Optional(Type.Array(OperationReport)),
    /** As the agent has told: this may come later than what it has sent since. */
    sent: Type.Optional(FactNumbers),
    /** Lives of services whose question it answers, as the agent has told. Absent: not known. */
    asked: Type.Optional(Type.Array(Type.String())),
  }),
});
export type AgentRegistered = ItemOf<typeof AgentRegisteredV1>;
