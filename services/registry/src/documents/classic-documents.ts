import type { DrainRecord, OfferRecord, TaskRecord } from '@tranche/contracts';
import { agentPid } from '@tranche/contracts';
import {
  type AgentInfo,
  type ClassicAgent,
  type ClassicFramework,
  type ClassicOffer,
  fromMs,
  type Resource,
  type Task,
  type TaskStateCounts,
} from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import type { KnownAgent } from '../agents/known-agent.js';
import type { AgentEntry } from '../model/agent-entry.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { TaskTally } from '../model/task-tally.js';

/** The read model's entries in the forms from which the classic endpoints are rendered. */

const seconds = (ms: number): number => ms / 1000;
const optionalSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
const documentsOf = (resources: Resources): Resource[] => resources.toJson();

type Held = Pick<AgentEntry['used'], 'resources'>;

export function agentInfoOf({ record }: KnownAgent): AgentInfo {
  const { hostname, port, agentId, resources, attributes, domain } = record;
  return { hostname, port, id: { value: agentId }, resources, attributes, ...(domain === undefined ? {} : { domain }) };
}

/** @param held what tasks use there, and what is offered */
export function classicAgent(
  { used, offered }: { readonly used: Held; readonly offered: Held },
  known: KnownAgent,
): ClassicAgent {
  const { record } = known;
  const reregisteredTimeSeconds = optionalSeconds(record.reregisteredAtMs);
  return {
    info: agentInfoOf(known),
    pid: agentPid(record),
    registeredTimeSeconds: seconds(record.registeredAtMs),
    ...(reregisteredTimeSeconds === undefined ? {} : { reregisteredTimeSeconds }),
    totalResources: record.resources,
    usedResources: documentsOf(used.resources),
    offeredResources: documentsOf(offered.resources),
    active: record.state === 'active',
    deactivated: record.isDeactivated === true,
    version: record.version,
    capabilities: record.capabilities,
    ...drainOf(record.drain),
  };
}

function drainOf(drain: DrainRecord | undefined): Pick<ClassicAgent, 'drainInfo' | 'estimatedDrainStartTimeSeconds'> {
  if (drain === undefined) return {};
  const { maxGraceMs, markGone, state, startedAtMs } = drain;
  const config = { ...(maxGraceMs === undefined ? {} : { max_grace_period: fromMs(maxGraceMs) }), mark_gone: markGone };
  const drainInfo = { state: state === 'drained' ? ('DRAINED' as const) : ('DRAINING' as const), config };
  return { drainInfo, estimatedDrainStartTimeSeconds: seconds(startedAtMs) };
}

/** @param framework what its tasks use, and what it is offered, among the rest */
export function classicFramework({
  record,
  used,
  offered,
  isCompleted,
}: Pick<FrameworkEntry, 'record' | 'isCompleted'> & { readonly used: Held; readonly offered: Held }): ClassicFramework {
  const reregisteredTimeSeconds = optionalSeconds(record.reregisteredAtMs);
  const unregisteredTimeSeconds = optionalSeconds(record.unregisteredAtMs);
  return {
    info: record.info,
    usedResources: documentsOf(used.resources),
    offeredResources: documentsOf(offered.resources),
    active: !isCompleted && record.active,
    connected: record.state === 'connected',
    recovered: record.state === 'recovered',
    registeredTimeSeconds: seconds(record.registeredAtMs),
    ...(reregisteredTimeSeconds === undefined ? {} : { reregisteredTimeSeconds }),
    ...(unregisteredTimeSeconds === undefined ? {} : { unregisteredTimeSeconds }),
    ...(record.offerConstraints === undefined ? {} : { offerConstraints: record.offerConstraints }),
  };
}

/** The task as Mesos' `Task` message: its own resources, not those of its executor. */
export function taskOf(record: TaskRecord): Task {
  const { info, frameworkId, state, statuses, role } = record;
  const user = info.command?.user ?? info.executor?.command?.user;
  return {
    name: info.name,
    task_id: info.task_id,
    framework_id: { value: frameworkId },
    ...(info.executor === undefined ? {} : { executor_id: info.executor.executor_id }),
    agent_id: info.agent_id,
    state,
    resources: (info.resources ?? []).map((resource) => ({ ...resource, allocation_info: { role } })),
    statuses,
    ...(info.labels === undefined ? {} : { labels: info.labels }),
    ...(info.discovery === undefined ? {} : { discovery: info.discovery }),
    ...(info.container === undefined ? {} : { container: info.container }),
    ...(info.health_check === undefined ? {} : { health_check: info.health_check }),
    ...(info.limits === undefined ? {} : { limits: info.limits }),
    ...(user === undefined ? {} : { user }),
  };
}

export const classicOffer = (offer: OfferRecord): ClassicOffer => ({
  id: { value: offer.offerId },
  framework_id: { value: offer.frameworkId },
  agent_id: { value: offer.agentId },
  allocation_info: { role: offer.role },
  resources: offer.resources,
});

/** The tally in the form of `/state-summary`. */
export const countsOf = (tally: TaskTally): TaskStateCounts => Object.fromEntries(tally.entries());
