import type { GoogleDuration, MasterCall, MasterCallType } from '@tranche/mesos-api';
import type { DeactivateAgent } from '../draining/deactivate-agent.js';
import type { DrainAgent } from '../draining/drain-agent.js';
import type { MarkAgentGone } from '../draining/mark-agent-gone.js';
import type { OrderOutcome } from '../draining/operator-order.js';

/** Calls that change something and are answered without a body, by their type. */
export type OperatorOrders = Readonly<Partial<Record<MasterCallType, (call: MasterCall) => OrderOutcome>>>;

export interface AgentOrders {
  readonly drain: DrainAgent;
  readonly deactivate: DeactivateAgent;
  readonly gone: MarkAgentGone;
  /** How many live there. */
  readonly tasksOn: (agentId: string) => number;
}

/** @source operator API §2.4 */
export const agentOrders = ({ drain, deactivate, gone, tasksOn }: AgentOrders): OperatorOrders => ({
  DRAIN_AGENT: ({ drain_agent }) => {
    const grace = drain_agent?.max_grace_period;
    const agentId = drain_agent?.agent_id.value ?? '';
    return drain.execute(agentId, {
      markGone: drain_agent?.mark_gone ?? false,
      tasks: tasksOn(agentId),
      ...(grace === undefined ? {} : { maxGraceMs: durationMs(grace) }),
    });
  },
  DEACTIVATE_AGENT: ({ deactivate_agent }) => deactivate.execute(deactivate_agent?.agent_id.value ?? ''),
  REACTIVATE_AGENT: ({ reactivate_agent }) => deactivate.reactivate(reactivate_agent?.agent_id.value ?? ''),
  MARK_AGENT_GONE: ({ mark_agent_gone }) => gone.execute(mark_agent_gone?.agent_id.value ?? ''),
});

/** `google.protobuf.Duration`, whose JSON form here is an object. */
const durationMs = ({ seconds = 0, nanos = 0 }: GoogleDuration): number => Number(seconds) * 1000 + nanos / 1e6;
