import { jsonDouble } from '../codec/json-double.js';
import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type {
  Attribute,
  DomainInfo,
  DrainConfig,
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  Task,
  TaskInfo,
} from '../generated/mesos.js';
import { doubleToNumber } from '../scalars.js';
import { commandJson } from './executor-json.js';
import { roleMember } from './framework-json.js';
import type { Member } from './json-text.js';
import { arrayOf, objectOf, optionalDouble, optionalString, stringArray } from './json-text.js';
import type { ClassicFlags } from './master-state-json.js';
import { flagMembers } from './master-state-json.js';
import {
  attributesJson,
  reservedResourcesFullJson,
  reservedResourcesJson,
  resourcesJson,
  unreservedResourcesFullJson,
  unreservedResourcesJson,
} from './resources-json.js';
import { allocationRole, labelsJson, taskJson } from './task-json.js';
import type { ClassicVersion } from './version-json.js';
import { versionMembers } from './version-json.js';

/** An executor as its agent knows it. */
export interface ClassicAgentExecutor {
  readonly info: ExecutorInfo;
  readonly containerId: string;
  /** Sandbox on the agent's disk. */
  readonly directory: string;
  /** Of the container: the executor and its live tasks. */
  readonly resources: readonly Resource[];
  /** Delivered and not ended. */
  readonly tasks: readonly Task[];
  readonly queuedTasks: readonly TaskInfo[];
  /** Ended, acknowledged or not. */
  readonly completedTasks: readonly Task[];
}

/** A framework with executors on the agent. */
export interface ClassicAgentFramework {
  readonly info: FrameworkInfo;
  readonly executors: readonly ClassicAgentExecutor[];
  readonly completedExecutors: readonly ClassicAgentExecutor[];
}

/** The agent's own view of itself. */
export interface ClassicAgentState {
  readonly version: ClassicVersion;
  /** Seconds since the epoch, as every time here. */
  readonly startTimeSeconds: number;
  /** Absent before it is registered. */
  readonly id?: string;
  readonly pid: string;
  readonly hostname: string;
  readonly capabilities: readonly string[];
  readonly domain?: DomainInfo;
  readonly drainConfig?: DrainConfig;
  readonly estimatedDrainStartTimeSeconds?: number;
  readonly totalResources: readonly Resource[];
  /** Ours alone: reservations and volumes that are remembered and have no room at present. Absent: none, and not shown. */
  readonly unavailableResources?: readonly Resource[];
  /** Ours alone: what was unreadable at the agent's start. Shown unless empty. */
  readonly recoveryFindings?: readonly string[];
  readonly allocatedResources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly masterHostname?: string;
  /** Absent for a caller who may not view the flags. */
  readonly visible?: ClassicFlags;
  /** Which resources may be shown where they are listed by role. Absent: all. Sums are of all. */
  readonly sees?: (resource: Resource) => boolean;
  readonly frameworks: readonly ClassicAgentFramework[];
  readonly completedFrameworks: readonly ClassicAgentFramework[];
}

/** Body of the agent's `/state`. */
export function agentStateJson(state: ClassicAgentState): string {
  return objectOf([
    ...versionMembers(state.version),
    ['start_time', jsonDouble(state.startTimeSeconds)],
    ['id', jsonString(state.id ?? '')],
    ['pid', jsonString(state.pid)],
    ['hostname', jsonString(state.hostname)],
    ['capabilities', stringArray(state.capabilities)],
    ['domain', state.domain && encodeJson(messageTypes.DomainInfo, state.domain)],
    ['drain_config', state.drainConfig && encodeJson(messageTypes.DrainConfig, state.drainConfig)],
    ['estimated_drain_start_time_seconds', optionalDouble(state.estimatedDrainStartTimeSeconds)],
    ...resourceMembers(state),
    ['recovery_findings', state.recoveryFindings?.length ? stringArray(state.recoveryFindings) : undefined],
    ['resource_providers', '[]'],
    ['attributes', attributesJson(state.attributes)],
    ['master_hostname', optionalString(state.masterHostname)],
    ...flagMembers(state.visible),
    ['frameworks', arrayOf(state.frameworks.map(agentFrameworkJson))],
    ['completed_frameworks', arrayOf(state.completedFrameworks.map(agentFrameworkJson))],
  ]);
}

function resourceMembers(state: ClassicAgentState): Member[] {
  const { totalResources, allocatedResources, unavailableResources, sees } = state;
  const seen = (resources: readonly Resource[]): readonly Resource[] =>
    sees === undefined ? resources : resources.filter(sees);
  return [
    ['resources', resourcesJson(totalResources)],
    ['reserved_resources', reservedResourcesJson(seen(totalResources))],
    ['unreserved_resources', unreservedResourcesJson(totalResources)],
    ['reserved_resources_full', reservedResourcesFullJson(seen(totalResources))],
    ['unreserved_resources_full', unreservedResourcesFullJson(totalResources)],
    ['reserved_resources_allocated', reservedResourcesJson(seen(allocatedResources))],
    ['unreserved_resources_allocated', unreservedResourcesJson(allocatedResources)],
    ['unavailable_resources_full', unavailableResources && reservedResourcesFullJson(seen(unavailableResources))],
  ];
}

/** A framework of the agent's `/state`. */
export function agentFrameworkJson({ info, executors, completedExecutors }: ClassicAgentFramework): string {
  return objectOf([
    ['id', jsonString(info.id?.value ?? '')],
    ['name', jsonString(info.name)],
    ['user', jsonString(info.user)],
    ['failover_timeout', jsonDouble(doubleToNumber(info.failover_timeout ?? 0))],
    ['checkpoint', String(info.checkpoint ?? false)],
    ['hostname', jsonString(info.hostname ?? '')],
    ['principal', optionalString(info.principal)],
    roleMember(info),
    ['executors', arrayOf(executors.map(agentExecutorJson))],
    ['completed_executors', arrayOf(completedExecutors.map(agentExecutorJson))],
  ]);
}

/** An executor of the agent's `/state`. */
export function agentExecutorJson(executor: ClassicAgentExecutor): string {
  const { info, resources } = executor;
  return objectOf([
    ['id', jsonString(info.executor_id.value)],
    ['name', jsonString(info.name ?? '')],
    ['source', jsonString(info.source ?? '')],
    ['container', jsonString(executor.containerId)],
    ['directory', jsonString(executor.directory)],
    ['resources', resourcesJson(resources)],
    ['role', optionalString(allocationRole(info.resources) ?? allocationRole([...resources]))],
    ['labels', labelsJson(info.labels)],
    ['type', optionalString(info.type)],
    ['tasks', arrayOf(executor.tasks.map(taskJson))],
    ['queued_tasks', arrayOf(executor.queuedTasks.map(queuedTaskJson))],
    ['completed_tasks', arrayOf(executor.completedTasks.map(taskJson))],
  ]);
}

/** A task that waits for its executor. */
function queuedTaskJson(task: TaskInfo): string {
  return objectOf([
    ['id', jsonString(task.task_id.value)],
    ['name', jsonString(task.name)],
    ['slave_id', jsonString(task.agent_id.value)],
    ['resources', resourcesJson(task.resources ?? [])],
    ['role', jsonString(allocationRole(task.resources) ?? '*')],
    ['command', task.command && commandJson(task.command)],
    ['executor_id', optionalString(task.executor?.executor_id.value)],
    ['discovery', task.discovery && encodeJson(messageTypes.DiscoveryInfo, task.discovery)],
  ]);
}
