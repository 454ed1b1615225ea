import { jsonDouble } from '../codec/json-double.js';
import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type { ContainerStatus, Labels, NetworkInfo, Task, TaskStatus } from '../generated/mesos.js';
import { doubleToNumber } from '../scalars.js';
import { arrayOf, objectOf, optionalString, stringArray } from './json-text.js';
import { resourcesJson } from './resources-json.js';

/** A task of `/state`, `/frameworks`, `/tasks` and of the agent's `/state`. */
export function taskJson(task: Task): string {
  return objectOf([
    ['id', jsonString(task.task_id.value)],
    ['name', jsonString(task.name)],
    ['framework_id', jsonString(task.framework_id.value)],
    ['executor_id', jsonString(task.executor_id?.value ?? '')],
    ['slave_id', jsonString(task.agent_id.value)],
    ['state', jsonString(task.state)],
    ['resources', resourcesJson(task.resources ?? [])],
    ['limits', limitsJson(task.limits)],
    ['role', jsonString(allocationRole(task.resources) ?? '*')],
    ['statuses', arrayOf((task.statuses ?? []).map(statusJson))],
    ['user', optionalString(task.user)],
    ['labels', labelsJson(task.labels)],
    ['discovery', task.discovery && encodeJson(messageTypes.DiscoveryInfo, task.discovery)],
    ['container', task.container && encodeJson(messageTypes.ContainerInfo, task.container)],
    ['health_check', task.health_check && encodeJson(messageTypes.HealthCheck, task.health_check)],
  ]);
}

/** Role that resources are allocated to: all of a task's have the same. */
export function allocationRole(resources: Task['resources']): string | undefined {
  return resources?.[0]?.allocation_info?.role;
}

/** `[{"key":"a","value":"b"}]`, or undefined without labels. */
export function labelsJson(labels: Labels | undefined): string | undefined {
  return labels && arrayOf((labels.labels ?? []).map((label) => encodeJson(messageTypes.Label, label)));
}

function limitsJson(limits: Task['limits']): string | undefined {
  if (limits === undefined || Object.keys(limits).length === 0) return undefined;
  return objectOf(Object.entries(limits).map(([name, { value }]) => [name, jsonDouble(value)]));
}

/** Neither message nor reason nor source are printed. */
function statusJson(status: TaskStatus): string {
  return objectOf([
    ['state', jsonString(status.state)],
    ['timestamp', jsonDouble(doubleToNumber(status.timestamp ?? 0))],
    ['labels', labelsJson(status.labels)],
    ['container_status', status.container_status && containerStatusJson(status.container_status)],
    ['healthy', status.healthy === undefined ? undefined : String(status.healthy)],
  ]);
}

function containerStatusJson({ container_id, network_infos = [], cgroup_info }: ContainerStatus): string {
  return objectOf([
    ['container_id', container_id && encodeJson(messageTypes.ContainerID, container_id)],
    ['network_infos', network_infos.length > 0 ? arrayOf(network_infos.map(networkInfoJson)) : undefined],
    ['cgroup_info', cgroup_info && encodeJson(messageTypes.CgroupInfo, cgroup_info)],
  ]);
}

/** Not in the order of the v1 message. */
function networkInfoJson({ groups = [], labels, ip_addresses = [], name, port_mappings = [] }: NetworkInfo): string {
  const addresses = ip_addresses.map((address) => encodeJson(messageTypes.NetworkInfoIPAddress, address));
  const mappings = port_mappings.map((mapping) => encodeJson(messageTypes.NetworkInfoPortMapping, mapping));
  return objectOf([
    ['groups', groups.length > 0 ? stringArray(groups) : undefined],
    ['labels', labelsJson(labels)],
    ['ip_addresses', addresses.length > 0 ? arrayOf(addresses) : undefined],
    ['name', optionalString(name)],
    ['port_mappings', mappings.length > 0 ? arrayOf(mappings) : undefined],
  ]);
}
