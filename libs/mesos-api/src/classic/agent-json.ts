import { jsonDouble } from '../codec/json-double.js';
import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type { AgentInfo, DrainInfo, Resource } from '../generated/mesos.js';
import type { Member } from './json-text.js';
import { objectOf, optionalDouble, stringArray } from './json-text.js';
import {
  attributesJson,
  fullResourcesJson,
  reservedResourcesFullJson,
  reservedResourcesJson,
  resourcesJson,
  unreservedResourcesFullJson,
  unreservedResourcesJson,
} from './resources-json.js';
import type { TaskStateCounts } from './task-counts-json.js';
import { taskCountMembers } from './task-counts-json.js';

/** An agent as the control plane knows it. Resources are v1 documents in any representation. */
export interface ClassicAgent {
  /** With its id; `resources` of it are not used, see {@link totalResources}. */
  readonly info: AgentInfo;
  /** `slave(1)@10.0.0.7:5051` */
  readonly pid: string;
  /** Seconds since the epoch, as every time here. */
  readonly registeredTimeSeconds: number;
  readonly reregisteredTimeSeconds?: number;
  /** Everything the agent has, with reservations and volumes as they are now. */
  readonly totalResources: readonly Resource[];
  readonly usedResources: readonly Resource[];
  readonly offeredResources: readonly Resource[];
  readonly active: boolean;
  readonly deactivated: boolean;
  readonly version: string;
  /** Names: `MULTI_ROLE`, … */
  readonly capabilities: readonly string[];
  readonly drainInfo?: DrainInfo;
  readonly estimatedDrainStartTimeSeconds?: number;
  /** Which resources may be shown where they are listed by role, or in full. Absent: all. Sums are of all. */
  readonly sees?: (resource: Resource) => boolean;
}

/** An agent of `/state`. */
export function agentJson(agent: ClassicAgent): string {
  return objectOf(agentMembers(agent));
}

/** An agent of `/slaves`: {@link agentJson} and the resources in full. */
export function agentFullJson(agent: ClassicAgent): string {
  return objectOf([
    ...agentMembers(agent),
    ['reserved_resources_full', reservedResourcesFullJson(seen(agent, agent.totalResources))],
    ['unreserved_resources_full', unreservedResourcesFullJson(agent.totalResources)],
    ['used_resources_full', fullResourcesJson(seen(agent, agent.usedResources))],
    ['offered_resources_full', fullResourcesJson(seen(agent, agent.offeredResources))],
  ]);
}

/** An agent of `/state-summary`: {@link agentJson}, its tasks by state, and the frameworks that have any there. */
export function agentSummaryJson(
  agent: ClassicAgent,
  taskCounts: TaskStateCounts,
  frameworkIds: readonly string[],
): string {
  return objectOf([
    ...agentMembers(agent),
    ...taskCountMembers(taskCounts),
    ['framework_ids', stringArray(frameworkIds)],
  ]);
}

/** An agent of `recovered_slaves`: known from before, not back yet. */
export function recoveredAgentJson(info: AgentInfo): string {
  return objectOf(infoMembers(info));
}

function agentMembers(agent: ClassicAgent): Member[] {
  return [
    ...infoMembers(agent.info),
    ['pid', jsonString(agent.pid)],
    ['registered_time', jsonDouble(agent.registeredTimeSeconds)],
    ['reregistered_time', optionalDouble(agent.reregisteredTimeSeconds)],
    ['resources', resourcesJson(agent.totalResources)],
    ['used_resources', resourcesJson(agent.usedResources)],
    ['offered_resources', resourcesJson(agent.offeredResources)],
    ['reserved_resources', reservedResourcesJson(seen(agent, agent.totalResources))],
    ['unreserved_resources', unreservedResourcesJson(agent.totalResources)],
    ['active', String(agent.active)],
    ['deactivated', String(agent.deactivated)],
    ['version', jsonString(agent.version)],
    ['capabilities', stringArray(agent.capabilities)],
    ['drain_info', agent.drainInfo && encodeJson(messageTypes.DrainInfo, agent.drainInfo)],
    ['estimated_drain_start_time_seconds', optionalDouble(agent.estimatedDrainStartTimeSeconds)],
  ];
}

const seen = ({ sees }: ClassicAgent, resources: readonly Resource[]): readonly Resource[] =>
  sees === undefined ? resources : resources.filter(sees);

function infoMembers(info: AgentInfo): Member[] {
  return [
    ['id', jsonString(info.id?.value ?? '')],
    ['hostname', jsonString(info.hostname)],
    ['port', String(info.port ?? DEFAULT_AGENT_PORT)],
    ['attributes', attributesJson(info.attributes ?? [])],
    ['domain', info.domain && encodeJson(messageTypes.DomainInfo, info.domain)],
  ];
}

const DEFAULT_AGENT_PORT = 5051;
