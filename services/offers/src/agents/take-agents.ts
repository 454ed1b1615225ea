import type { AgentRecord } from '@tranche/contracts';
import { carryingChanges } from '@tranche/resources';
import type { OffersContext } from '../offers-context.js';
import { agentOf, isReachable } from './agent.js';
import { changeUnavailability } from './change-unavailability.js';
import { changeAgentState } from './change-agent-state.js';
import { reportUsage } from './report-usage.js';

/**
 * Takes the registry's whole list of agents: after a start, or when facts were missed.
 *
 * What runs on an agent is not in it. Agents that this service did not know count as not heard of since the registry's restart when they
 * are kept from work, which is how the registry states those.
 */
export function takeAgents(context: OffersContext, records: readonly AgentRecord[]): void {
  for (const record of records) {
    const known = context.state.agents.get(record.agentId);
    const isRecovered = record.state === 'deactivated' && (known?.isRecovered ?? true);
    changeUnavailability(context, record.agentId, record.unavailability);
    const carrying = carryingChanges(record, known?.record);
    context.state.agents.set(
      agentOf(known === undefined ? carrying : { ...carrying, state: known.record.state }, isRecovered),
    );
    const { agentId, state, stateReason, stateSinceMs } = record;
    const isNews = known === undefined ? state !== 'active' : known.record.state !== state;
    if (isNews) changeAgentState(context, { agentId, state, reason: stateReason ?? state, atMs: stateSinceMs });
    if (isReachable({ record })) reportUsage(context, agentId);
  }
  context.state.agents.complete();
}
