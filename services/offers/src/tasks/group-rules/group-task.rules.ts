import { checkIsValid, healthCheckIsValid } from '../launch-rules/check.rules.js';
import { containerIsValid } from '../launch-rules/container.rules.js';
import { commandIsValid } from '../launch-rules/environment.rules.js';
import { isOnTheOfferedAgent, taskIdIsFree, taskIdIsValid } from '../launch-rules/identity.rules.js';
import type { LaunchRule } from '../launch-rules/launch-rule.js';
import { limitsAreValid } from '../launch-rules/limits.rules.js';
import { taskResourcesAreValid } from '../launch-rules/resources.rules.js';
import { completionTimeIsValid, killPolicyIsValid } from '../launch-rules/time.rules.js';
import type { GroupRule } from './group-rule.js';

/** Rule 21: an HTTP or TCP check reaches a task only in the network that its executor is in. */
const checksAreReachable: LaunchRule = ({ info }) => {
  const { container, health_check: check } = info;
  const isApart = (container?.network_infos ?? []).length > 0;
  return isApart && (check?.type === 'HTTP' || check?.type === 'TCP')
    ? "HTTP and TCP health checks are not supported for nested containers not joining parent's network"
    : undefined;
};

/** Rule 18, for tasks. */
const isNoDockerTask: LaunchRule = ({ info }) =>
  info.container?.type === 'DOCKER' ? 'Docker ContainerInfo is not supported on the task' : undefined;

/** Rule 22: only a task with cgroups of its own can be limited. */
const limitsHaveCgroups: LaunchRule = ({ info }) =>
  Object.keys(info.limits ?? {}).length > 0 && info.container?.linux_info?.share_cgroups !== false
    ? "Resource limits may only be set for tasks within a task group when the 'share_cgroups' field is set to 'false'."
    : undefined;

/** What holds for any task, rules 1 to 11, and what holds for tasks of groups. */
const TASK_RULES: readonly LaunchRule[] = [
  taskIdIsValid,
  taskIdIsFree,
  isOnTheOfferedAgent,
  killPolicyIsValid,
  completionTimeIsValid,
  checkIsValid,
  healthCheckIsValid,
  taskResourcesAreValid,
  commandIsValid,
  containerIsValid,
  limitsAreValid,
  checksAreReachable,
  isNoDockerTask,
  limitsHaveCgroups,
];

/** Each task of the group in itself, and no id twice. */
export const groupTasksAreValid: GroupRule = ({ tasks }, scene) => {
  const ids = new Set<string>();
  for (const task of tasks) {
    const taskId = task.info.task_id.value;
    const error = ids.size === ids.add(taskId).size ? `Task has duplicate ID: ${taskId}` : taskError(task, scene);
    if (error !== undefined) return `Task '${taskId}' is invalid: ${error}`;
  }
  return undefined;
};

const taskError: LaunchRule = (task, scene) => {
  for (const rule of TASK_RULES) {
    const error = rule(task, scene);
    if (error !== undefined) return error;
  }
  return undefined;
};
