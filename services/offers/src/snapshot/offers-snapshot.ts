import type { HeldResources, OffersSnapshot } from '@tranche/contracts';
import { isReachable } from '../agents/agent.js';
import { heldOn } from '../agents/report-usage.js';
import type { ClusterState } from '../cluster-state.js';

/**
 * Everything that this service knows, as other services may ask for it.
 *
 * @param withTasks false leaves out tasks, offers and inverse offers: who only needs to know what is held does not pay for them
 */
export function offersSnapshot(state: ClusterState, withTasks: boolean): Omit<OffersSnapshot, 'asOf'> {
  const seen = state.seenAllocation;
  return {
    frameworks: [...state.frameworks.allCompleted(), ...state.frameworks.all()].map(({ record }) => record),
    tasks: withTasks ? allTasks(state) : [],
    offers: withTasks ? Array.from(state.offers.all(), ({ record }) => record) : [],
    inverseOffers: withTasks ? [...state.inverseOffers.all()] : [],
    inverseOfferAnswers: withTasks ? [...state.inverseOffers.allAnswers()] : [],
    held: allHeld(state),
    ...(withTasks ? { operations: Array.from(state.operations.all(), ({ record }) => record) } : {}),
    totals: state.totals.allChanged().map((total) => ({ ...total, resources: [...total.resources] })),
    reconciledAgents: reconciledAgents(state),
    ...(seen === undefined ? {} : { seenEpoch: seen.epoch, seenRun: seen.run }),
  };
}

function allTasks(state: ClusterState): OffersSnapshot['tasks'] {
  const completed = Array.from(state.tasks.allCompleted(), ({ record }) => ({ task: record, completed: true }));
  const present = Array.from(state.tasks.allPresent(), ({ record }) => ({ task: record, completed: false }));
  return [...completed, ...present];
}

/** Of the others the tasks that are known may not be all: their registration is still to come. */
function reconciledAgents(state: ClusterState): string[] {
  return [...state.agents.all()]
    .filter((agent) => isReachable(agent) && !agent.isRecovered)
    .map(({ agentId }) => agentId);
}

function allHeld(state: ClusterState): HeldResources[] {
  const agentIds = new Set<string>();
  for (const { record } of state.offers.all()) agentIds.add(record.agentId);
  for (const { record } of state.tasks.allPresent()) agentIds.add(record.agentId);
  for (const { agentId } of state.tasks.executors.allIdle()) agentIds.add(agentId);
  return [...agentIds].flatMap((agentId) => heldOn(state, agentId));
}
