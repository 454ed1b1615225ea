import { jsonDouble } from '../codec/json-double.js';
import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type { FrameworkInfo, Resource } from '../generated/mesos.js';
import type { SchedulerOfferConstraints } from '../generated/scheduler.js';
import { doubleToNumber } from '../scalars.js';
import { capabilitiesOf } from '../values/framework-capabilities.js';
import type { Member } from './json-text.js';
import { arrayOf, objectOf, optionalDouble, optionalString, stringArray } from './json-text.js';
import { resourcesJson } from './resources-json.js';
import type { TaskStateCounts } from './task-counts-json.js';
import { taskCountMembers } from './task-counts-json.js';
import { labelsJson } from './task-json.js';

/** A framework as the control plane knows it, without its tasks. */
export interface ClassicFramework {
  /** With its id. */
  readonly info: FrameworkInfo;
  readonly usedResources: readonly Resource[];
  readonly offeredResources: readonly Resource[];
  readonly active: boolean;
  readonly connected: boolean;
  readonly recovered: boolean;
  /** Seconds since the epoch, as every time here. */
  readonly registeredTimeSeconds: number;
  /** When it last subscribed again; printed only when different from {@link registeredTimeSeconds}. */
  readonly reregisteredTimeSeconds?: number;
  /** Absent while it lives. */
  readonly unregisteredTimeSeconds?: number;
  readonly offerConstraints?: SchedulerOfferConstraints;
}

/**
 * What a framework has, as JSON texts of the single items (`taskJson`, `offerJson`, `executorJson`): who holds a
 * million tasks renders each of them when it changes, not when it is asked for.
 */
export interface FrameworkLists {
  /** Live ones, and ended ones whose last update is not acknowledged. */
  readonly tasks: Iterable<string>;
  readonly unreachableTasks: Iterable<string>;
  readonly completedTasks: Iterable<string>;
  readonly offers: Iterable<string>;
  readonly executors: Iterable<string>;
}

/** A framework of `/state` and `/frameworks`. */
export function frameworkJson(framework: ClassicFramework, lists: FrameworkLists): string {
  const { info, usedResources, offeredResources } = framework;
  return objectOf([
    ...summaryMembers(framework),
    ['user', jsonString(info.user)],
    ['failover_timeout', jsonDouble(doubleToNumber(info.failover_timeout ?? 0))],
    ['checkpoint', String(info.checkpoint ?? false)],
    ['registered_time', jsonDouble(framework.registeredTimeSeconds)],
    ['unregistered_time', jsonDouble(framework.unregisteredTimeSeconds ?? 0)],
    ['principal', optionalString(info.principal)],
    ['resources', resourcesJson([...usedResources, ...offeredResources])],
    ['reregistered_time', reregisteredTime(framework)],
    roleMember(info),
    ['tasks', arrayOf(lists.tasks)],
    ['unreachable_tasks', arrayOf(lists.unreachableTasks)],
    ['completed_tasks', arrayOf(lists.completedTasks)],
    ['offers', arrayOf(lists.offers)],
    ['executors', arrayOf(lists.executors)],
    ['labels', labelsJson(info.labels)],
    ['offer_constraints', encodeJson(messageTypes.SchedulerOfferConstraints, framework.offerConstraints ?? {})],
  ]);
}

/** A framework of `/state-summary`: what it is, its tasks by state, and the agents where it has any. */
export function frameworkSummaryJson(
  framework: ClassicFramework,
  taskCounts: TaskStateCounts,
  agentIds: readonly string[],
): string {
  return objectOf([
    ...summaryMembers(framework),
    ...taskCountMembers(taskCounts),
    ['slave_ids', stringArray(agentIds)],
  ]);
}

/** `roles` of a MULTI_ROLE framework, `role` of any other. */
export function roleMember(info: FrameworkInfo): Member {
  return capabilitiesOf(info).has('MULTI_ROLE')
    ? ['roles', stringArray(info.roles ?? [])]
    : ['role', jsonString(info.role ?? '*')];
}

function summaryMembers(framework: ClassicFramework): Member[] {
  const { info } = framework;
  return [
    ['id', jsonString(info.id?.value ?? '')],
    ['name', jsonString(info.name)],
    ['used_resources', resourcesJson(framework.usedResources)],
    ['offered_resources', resourcesJson(framework.offeredResources)],
    ['capabilities', stringArray([...capabilitiesOf(info)])],
    ['hostname', jsonString(info.hostname ?? '')],
    ['webui_url', jsonString(info.webui_url ?? '')],
    ['active', String(framework.active)],
    ['connected', String(framework.connected)],
    ['recovered', String(framework.recovered)],
  ];
}

function reregisteredTime(framework: ClassicFramework): string | undefined {
  const seconds = framework.reregisteredTimeSeconds;
  return seconds === framework.registeredTimeSeconds ? undefined : optionalDouble(seconds);
}
