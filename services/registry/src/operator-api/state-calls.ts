import {
  type AgentInfo,
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
import { agentPid, type OfferRecord } from '@tranche/contracts';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import { agentInfoOf, classicAgent, classicFramework, taskOf } from '../documents/classic-documents.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { TaskEntry } from '../model/task-entry.js';

type Answer = Omit<MasterResponse, 'type'>;

/** Calls that show the whole cluster, as the read model knows it. @source operator API §2, §2.1 */
export const STATE_CALLS: Readonly<Partial<Record<MasterCallType, (model: ClusterModel) => Answer>>> = {
  GET_AGENTS: (model) => ({ get_agents: getAgents(model) }),
  GET_FRAMEWORKS: (model) => ({ get_frameworks: getFrameworks(model) }),
  GET_EXECUTORS: (model) => ({ get_executors: getExecutors(model) }),
  GET_TASKS: (model) => ({ get_tasks: getTasks(model) }),
};

/** Everything. `RenderedState` gives the same in pieces, and streams begin with it. */
export const getState = (model: ClusterModel): MasterResponseGetState => ({
  get_tasks: getTasks(model),
  get_executors: getExecutors(model),
  get_frameworks: getFrameworks(model),
  get_agents: getAgents(model),
});

/** What is held on an agent. */
export type Holdings = Parameters<typeof classicAgent>[0];

/** Unreachable agents are listed nowhere. */
function getAgents(model: ClusterModel): MasterResponseGetAgents {
  const agents: MasterResponseGetAgentsAgent[] = [];
  const recovered: AgentInfo[] = [];
  for (const agent of model.agents.known()) {
    if (isRegistered(agent.known)) agents.push(agentDocument(agent, agent.known));
    else if (agent.known.isRecovered) recovered.push(agentInfoOf(agent.known));
  }
  return { agents, recovered_agents: recovered };
}

export function agentDocument(agent: Holdings, known: KnownAgent): MasterResponseGetAgentsAgent {
  const { record } = known;
  const shown = classicAgent(agent, known);
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

function getFrameworks(model: ClusterModel): MasterResponseGetFrameworks {
  const all = [...model.allFrameworks()];
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
export function getExecutors(model: ClusterModel): MasterResponseGetExecutors {
  const executors = [...model.allFrameworks()]
    .filter(({ isCompleted }) => !isCompleted)
    .flatMap((framework) => [...framework.executors.values()])
    .map(({ info, agentId }) => ({ executor_info: info, agent_id: { value: agentId } }));
  return { executors };
}

function getTasks(model: ClusterModel): MasterResponseGetTasks {
  const shelves: Required<Pick<MasterResponseGetTasks, 'tasks' | 'unreachable_tasks' | 'completed_tasks'>> = {
    tasks: [],
    unreachable_tasks: [],
    completed_tasks: [],
  };
  for (const task of model.allTasks()) shelves[task.shelf].push(taskDocument(task));
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
