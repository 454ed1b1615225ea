import type {
  ExecutorReport,
  FrameworkReport,
  OperationReport,
  RegisterAgentRequest,
  TaskReport,
} from '@tranche/contracts';
import type { AgentInfo, Attribute, DomainInfo, Resource } from '@tranche/mesos-api';
import type { AgentSelf } from '../agent-self.js';
import type { AgentState } from '../checkpoint/agent-state.js';
import { type AgentTask, statusInDelivery } from '../tasks/agent-task.js';

/** What this agent can do, in Mesos' names. */
export const AGENT_CAPABILITIES = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
  'TASK_RESOURCE_LIMITS',
] as const;

/** What the agent has, as detected and configured at its start. */
export interface AgentEquipment {
  /** v1 documents, post-refinement. */
  readonly resources: readonly Resource[];
  /** Reservations and volumes that have no room at present; absent: none. */
  readonly unavailable?: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly domain?: DomainInfo;
}

/** The agent as it tells executors of itself. @source recorded executor streams */
export function agentInfo(self: AgentSelf, equipment: AgentEquipment, agentId: string): AgentInfo {
  const { hostname, port } = self;
  const { resources, attributes, domain } = equipment;
  return {
    hostname,
    port,
    resources: resources.map(({ role: _unreserved, ...resource }) => resource),
    ...(attributes.length === 0 ? {} : { attributes: [...attributes] }),
    id: { value: agentId },
    ...(domain === undefined ? {} : { domain }),
  };
}

/** The agent's truth, told on each registration: what it has, and what runs on it or waits for an acknowledgement. */
export function describeAgent(
  self: AgentSelf,
  equipment: AgentEquipment,
  state: AgentState,
  operations: readonly OperationReport[] = [],
): RegisterAgentRequest {
  const tasks: TaskReport[] = [];
  const frameworks: FrameworkReport[] = [];
  const executors: ExecutorReport[] = [];
  for (const framework of state.frameworks) {
    // What is left of a removed framework is on its way out, and nobody would hear of its end.
    if (framework.removed || (framework.tasks.size === 0 && framework.executors.running.size === 0)) continue;
    frameworks.push({ frameworkId: framework.frameworkId, info: framework.info });
    for (const { frameworkId, info: executor } of framework.executors.running.values()) {
      executors.push({ frameworkId, executor });
    }
    for (const task of framework.tasks.values()) tasks.push(describeTask(task));
  }
  const { hostname, ip, port, scheme, version } = self;
  return {
    ...(state.agentId === undefined ? {} : { agentId: state.agentId }),
    hostname,
    ip,
    port,
    ...(scheme === undefined ? {} : { scheme }),
    version,
    resources: [...equipment.resources],
    attributes: [...equipment.attributes],
    ...(equipment.domain === undefined ? {} : { domain: equipment.domain }),
    capabilities: [...AGENT_CAPABILITIES],
    tasks,
    frameworks,
    ...(operations.length === 0 ? {} : { operations: [...operations] }),
    executors,
  };
}

function describeTask(task: AgentTask): TaskReport {
  const { frameworkId, info, role, traceId, traceparent, statuses } = task;
  const latestStatus = statuses.at(-1);
  const status = statusInDelivery(task);
  const uuid = status?.uuid;
  return {
    ...{ frameworkId, task: info, role, traceId },
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(latestStatus === undefined ? {} : { latestStatus }),
    ...(uuid === undefined ? {} : { inDelivery: { uuid, ...(uuid === latestStatus?.uuid ? {} : { status }) } }),
  };
}
