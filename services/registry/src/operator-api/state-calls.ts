import {
  type AgentInfo,
  type ClassicAgent,
  type MasterCallType,
  type MasterResponse,
  type MasterResponseGetAgents,
  type MasterResponseGetAgentsAgent,
  type MasterResponseGetExecutors,
  type MasterResponseGetFrameworks,
  type MasterResponseGetFrameworksFramework,
  type MasterResponseGetState,
  type MasterResponseGetTasks,
  type Offer,
  type Resource,
  type Task,
  type TimeInfo,
  fromMs,
  toEndpointFormat,
} from '@tranche/mesos-api';
import type { Sight } from '@tranche/http';
import { agentPid, type OfferRecord } from '@tranche/contracts';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import { agentInfoOf, classicAgent, classicFramework, taskOf } from '../documents/classic-documents.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import { executorIsSeen, taskIsSeen, userOfFramework } from '../model/seen-parts.js';
import type { TaskEntry } from '../model/task-entry.js';

type Answer = Omit<MasterResponse, 'type'>;

/** Calls that show the whole cluster, as the read model knows it. @source operator API §2, §2.1 */
export const STATE_CALLS: Readonly<Partial<Record<MasterCallType, (model: ClusterModel, sight?: Sight) => Answer>>> = {
  GET_AGENTS: (model, sight) => ({ get_agents: getAgents(model, sight) }),
  GET_FRAMEWORKS: (model, sight) => ({ get_frameworks: getFrameworks(model, sight) }),
  GET_EXECUTORS: (model, sight) => ({ get_executors: getExecutors(model, sight) }),
  GET_TASKS: (model, sight) => ({ get_tasks: getTasks(model, sight) }),
};

/** Everything. `RenderedState` gives the same in pieces, and streams begin with it. */
export const getState = (model: ClusterModel, sight?: Sight): MasterResponseGetState => ({
  get_tasks: getTasks(model, sight),
  get_executors: getExecutors(model, sight),
  get_frameworks: getFrameworks(model, sight),
  get_agents: getAgents(model, sight),
});

/** What is held on an agent. */
export type Holdings = Parameters<typeof classicAgent>[0];

/** Unreachable agents are listed nowhere. */
function getAgents(model: ClusterModel, sight?: Sight): MasterResponseGetAgents {
  const agents: MasterResponseGetAgentsAgent[] = [];
  const recovered: AgentInfo[] = [];
  for (const agent of model.agents.known()) {
    if (isRegistered(agent.known)) agents.push(agentDocument(agent, agent.known, sight));
    else if (agent.known.isRecovered) recovered.push(recoveredDocument(agent.known, sight));
  }
  return { agents, recovered_agents: recovered };
}

/** What an agent that has not come back yet said of itself. @param sight of who may not see all of it */
export function recoveredDocument(known: KnownAgent, sight?: Sight): AgentInfo {
  const info = agentInfoOf(known);
  return sight === undefined ? info : { ...info, resources: (info.resources ?? []).filter(sight.resource) };
}

/** @param sight of who may not see all of it */
export function agentDocument(agent: Holdings, known: KnownAgent, sight?: Sight): MasterResponseGetAgentsAgent {
  const { record } = known;
  const shown = seenAgent(classicAgent(agent, known), sight);
  return {
    agent_info: { ...shown.info, checkpoint: true },
    active: shown.active,
    deactivated: shown.deactivated,
    version: shown.version,
    pid: agentPid(record),
    registered_time: timeOf(record.registeredAtMs),
    ...(record.reregisteredAtMs === undefined ? {} : { reregistered_time: timeOf(record.reregisteredAtMs) }),
    total_resources: shown.totalResources.map(toEndpointFormat),
    ...someResources('allocated_resources', shown.usedResources),
    ...someResources('offered_resources', shown.offeredResources),
    capabilities: record.capabilities.map((type) => ({ type })) as NonNullable<
      MasterResponseGetAgentsAgent['capabilities']
    >,
    ...(shown.drainInfo === undefined ? {} : { drain_info: shown.drainInfo }),
    ...(record.drain === undefined ? {} : { estimated_drain_start_time: timeOf(record.drain.startedAtMs) }),
  };
}

function seenAgent(agent: ClassicAgent, sight: Sight | undefined): ClassicAgent {
  if (sight === undefined) return agent;
  const seen = (resources: readonly Resource[]): readonly Resource[] => resources.filter(sight.resource);
  return {
    ...agent,
    info: { ...agent.info, resources: [...seen(agent.info.resources ?? [])] },
    totalResources: seen(agent.totalResources),
    usedResources: seen(agent.usedResources),
    offeredResources: seen(agent.offeredResources),
  };
}

const seenFrameworks = (model: ClusterModel, sight: Sight | undefined): FrameworkEntry[] =>
  [...model.allFrameworks()].filter(({ record }) => sight === undefined || sight.framework(record.info.user));

function getFrameworks(model: ClusterModel, sight?: Sight): MasterResponseGetFrameworks {
  const all = seenFrameworks(model, sight);
  return {
    frameworks: all.filter(({ isCompleted }) => !isCompleted).map(frameworkOf),
    completed_frameworks: all.filter(({ isCompleted }) => isCompleted).map(frameworkOf),
  };
}

/**
 * A framework as events show it: with a time of its removal, which is zero, and constraints only if it has some.
 *
 * @source a recorded stream of Mesos
 */
export function frameworkOfEvent(framework: FrameworkEntry): MasterResponseGetFrameworksFramework {
  const { offer_constraints: _always, ...document } = frameworkOf(framework);
  const { offerConstraints, unregisteredAtMs = 0 } = framework.record;
  return {
    ...document,
    unregistered_time: timeOf(unregisteredAtMs),
    ...(offerConstraints === undefined ? {} : { offer_constraints: offerConstraints }),
  };
}

/** With its outstanding offers. */
export const frameworkOf = (framework: FrameworkEntry): MasterResponseGetFrameworksFramework =>
  frameworkDocument({ ...framework, offers: framework.offers.values() });

export function frameworkDocument(
  framework: Parameters<typeof classicFramework>[0] & { readonly offers: Iterable<OfferRecord> },
): MasterResponseGetFrameworksFramework {
  const { record } = framework;
  const offers = Array.from(framework.offers, offerDocument);
  const { reregisteredAtMs = record.registeredAtMs, unregisteredAtMs } = record;
  const shown = classicFramework(framework);
  return {
    framework_info: record.info,
    active: shown.active,
    connected: shown.connected,
    recovered: shown.recovered ?? false,
    registered_time: timeOf(record.registeredAtMs),
    reregistered_time: timeOf(reregisteredAtMs),
    ...(unregisteredAtMs === undefined ? {} : { unregistered_time: timeOf(unregisteredAtMs) }),
    ...(offers.length === 0 ? {} : { offers }),
    ...someResources('allocated_resources', shown.usedResources),
    ...someResources('offered_resources', shown.offeredResources),
    offer_constraints: record.offerConstraints ?? {},
  };
}

/** Those that frameworks described themselves: agents make the ones of command tasks, and nobody else knows them. */
export function getExecutors(model: ClusterModel, sight?: Sight): MasterResponseGetExecutors {
  const executors = seenFrameworks(model, sight)
    .filter(({ isCompleted }) => !isCompleted)
    .flatMap(({ record, executors: all }) =>
      [...all.values()].filter(({ info }) => executorIsSeen(sight, info, record.info.user)),
    )
    .map(({ info, agentId }) => ({ executor_info: info, agent_id: { value: agentId } }));
  return { executors };
}

function getTasks(model: ClusterModel, sight?: Sight): MasterResponseGetTasks {
  const shelves: Required<Pick<MasterResponseGetTasks, 'tasks' | 'unreachable_tasks' | 'completed_tasks'>> = {
    tasks: [],
    unreachable_tasks: [],
    completed_tasks: [],
  };
  for (const task of model.allTasks()) {
    const isSeen = taskIsSeen(sight, task, userOfFramework(model, task.record.frameworkId));
    if (isSeen) shelves[task.shelf].push(taskDocument(task));
  }
  return shelves;
}

export function taskDocument({ record }: Pick<TaskEntry, 'record'>): Task {
  const { state, uuid } = record.statuses.at(-1) ?? {};
  return {
    ...taskOf(record),
    ...(state === undefined ? {} : { status_update_state: state }),
    ...(uuid === undefined ? {} : { status_update_uuid: uuid }),
  };
}

export const offerDocument = ({ offerId, frameworkId, agentId, role, resources }: OfferRecord): Offer => ({
  id: { value: offerId },
  framework_id: { value: frameworkId },
  agent_id: { value: agentId },
  hostname: '',
  allocation_info: { role },
  resources: resources.map(toEndpointFormat),
});

type ResourceMember = 'allocated_resources' | 'offered_resources';

/** A list that is left out when it is empty. */
const someResources = <M extends ResourceMember>(
  member: M,
  resources: readonly Resource[],
): { readonly [K in M]?: Resource[] } =>
  (resources.length === 0 ? {} : { [member]: resources.map(toEndpointFormat) }) as { readonly [K in M]?: Resource[] };

const timeOf = (ms: number): TimeInfo => fromMs(ms);
