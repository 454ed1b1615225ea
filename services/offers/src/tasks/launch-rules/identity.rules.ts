import { idError } from '@tranche/mesos-api';
import type { LaunchRule } from './launch-rule.js';

/** Rule 1. */
export const taskIdIsValid: LaunchRule = ({ info }) => idError(info.task_id.value);

/** Rule 2: also an ended task occupies its id until its last update is acknowledged, and an unreachable one may come back. */
export const taskIdIsFree: LaunchRule = ({ info }, { tasks, frameworkId }) => {
  const taskId = info.task_id.value;
  const task = tasks.get(frameworkId, taskId);
  if (task === undefined) return undefined;
  return task.stage === 'unreachable'
    ? `Task reuses the ID of an unreachable task: ${taskId}`
    : `Task has duplicate ID: ${taskId}`;
};

/** Rule 3. */
export const isOnTheOfferedAgent: LaunchRule = ({ info }, { agent }) =>
  info.agent_id.value === agent.agentId
    ? undefined
    : `Task uses invalid agent ${info.agent_id.value} while agent ${agent.agentId} is expected`;
