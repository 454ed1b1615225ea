import { type ExecutorInfo, type FrameworkInfo, idError, type TaskInfo } from '@tranche/mesos-api';
import { isDefaultExecutor } from '../executors/agent-executor.js';
import type { StatusChange } from './status-change.js';
import { dropTask } from './task-end.js';
import { unsupportedFeatures } from './unsupported-features.js';

export interface LaunchRequest {
  readonly frameworkId: string;
  readonly framework: FrameworkInfo;
  readonly task: TaskInfo;
}

export interface LaunchConditions {
  readonly agentId: string;
  /** False while the agent stops. */
  readonly takesTasks: boolean;
  /** An operator empties it. */
  readonly isDraining: boolean;
  /** Why nothing new can be written down; undefined when it can. */
  readonly diskShortage: string | undefined;
  /** Whether frameworks of a principal may run tasks as a user. */
  readonly mayRunAs: (principal: string | undefined, user: string) => boolean;
  /** Names what is missing: `cpus 0.5 left, 1 asked`; undefined when there is enough. */
  readonly shortage: string | undefined;
  /** Reservations and volumes that the agent does not have; undefined when it has all. */
  readonly unknownResources: string | undefined;
}

/**
 * Why the agent does not run a task, as the task's status says it.
 *
 * The control plane has validated the task. The agent looks again at what it would have to answer for: names that become paths, features
 * that it does not have, and more resources than there are.
 *
 * @returns undefined for a task that it runs
 */
export function refuseTask(request: LaunchRequest, conditions: LaunchConditions): StatusChange | undefined {
  const { framework, frameworkId, task } = request;
  if (!conditions.takesTasks) return dropTask(framework, 'REASON_AGENT_DISCONNECTED', 'Agent is stopping');
  if (conditions.isDraining) return dropTask(framework, 'REASON_AGENT_DRAINING', 'Agent is draining');
  const denial = denialOf(request, conditions.mayRunAs);
  if (denial !== undefined) return unauthorized(denial);
  if (task.agent_id.value !== conditions.agentId) {
    return dropTask(framework, 'REASON_INVALID_OFFERS', `Task is for agent ${task.agent_id.value}`);
  }
  if (conditions.diskShortage !== undefined) {
    const message = `Task cannot be checkpointed: ${conditions.diskShortage}`;
    return dropTask(framework, 'REASON_CONTAINER_LAUNCH_FAILED', message);
  }
  const badId = idError(task.task_id.value) ?? idError(frameworkId);
  if (badId !== undefined) return invalid(badId);
  const unsupported = unsupportedFeatures(task);
  if (unsupported.length > 0) return invalid(`This version of the agent does not support ${unsupported.join(', ')}`);
  // What a process of the framework runs it as is that one's business.
  const isForProcess = task.executor !== undefined && !isDefaultExecutor(task.executor);
  if (!isForProcess && !saysWhatToRun(task)) return invalid('Task has no command to run');
  const executorFault = task.executor && refuseExecutor(task.executor);
  if (executorFault !== undefined) return invalid(executorFault);
  if (conditions.unknownResources !== undefined) {
    const message = `The checkpointed resources being used by the task are unknown to the agent: ${conditions.unknownResources}`;
    return dropTask(framework, 'REASON_RESOURCES_UNKNOWN', message);
  }
  if (conditions.shortage !== undefined) {
    return dropTask(framework, 'REASON_INVALID_OFFERS', `Not enough resources on the agent: ${conditions.shortage}`);
  }
  return undefined;
}

/** As whom nothing of the framework's may be started: the task, or the process of an executor, which may name another user. */
function denialOf({ framework, task }: LaunchRequest, mayRunAs: LaunchConditions['mayRunAs']): string | undefined {
  const { executor } = task;
  const ofExecutor = executor?.command?.user ?? framework.user;
  const user = task.command?.user ?? ofExecutor;
  if (!mayRunAs(framework.principal, user)) {
    return `Task '${task.task_id.value}' is not authorized to launch as user '${user}'`;
  }
  if (executor === undefined || isDefaultExecutor(executor) || mayRunAs(framework.principal, ofExecutor))
    return undefined;
  return `Executor '${executor.executor_id.value}' is not authorized to launch as user '${ofExecutor}'`;
}

function refuseExecutor(executor: ExecutorInfo): string | undefined {
  const badId = idError(executor.executor_id.value);
  if (badId !== undefined) return badId;
  return isDefaultExecutor(executor) || saysWhatToRun(executor) ? undefined : 'Executor has no command to run';
}

/** An image may say it instead. */
const saysWhatToRun = ({ command, container }: Pick<TaskInfo, 'command' | 'container'>): boolean =>
  command?.value !== undefined || (command?.shell === false && container?.mesos?.image !== undefined);

const unauthorized = (message: string): StatusChange => ({
  state: 'TASK_ERROR',
  source: 'SOURCE_AGENT',
  reason: 'REASON_TASK_UNAUTHORIZED',
  message,
});

const invalid = (message: string): StatusChange => ({
  state: 'TASK_ERROR',
  source: 'SOURCE_AGENT',
  reason: 'REASON_TASK_INVALID',
  message,
});
