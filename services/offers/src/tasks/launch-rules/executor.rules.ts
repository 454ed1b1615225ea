import { encodeJson, type ExecutorInfo, idError, messageTypes } from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import { containerError } from './container.rules.js';
import { environmentError } from './environment.rules.js';
import type { LaunchCandidate, LaunchRule, LaunchScene } from './launch-rule.js';
import { resourceListError } from './resources.rules.js';
import { isNegative } from './time.rules.js';

/** Rule 12. */
export const runsCommandOrExecutor: LaunchRule = ({ info }) =>
  (info.command === undefined) === (info.executor === undefined)
    ? 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'
    : undefined;

/** Rules 13 to 15: the executor in itself, against the framework, and against the one that already runs there. */
export const executorIsValid: LaunchRule = (task, scene) => {
  const { executor } = task.info;
  if (executor === undefined) return undefined;
  return (
    executorError(executor) ??
    executorInSceneError(executor, task.executorResources, scene) ??
    launchOnlyError(executor, task)
  );
};

/** What is wrong with an executor in itself. */
export function executorError(executor: ExecutorInfo): string | undefined {
  const { type, command, container } = executor;
  if (type === 'DEFAULT' && command !== undefined) {
    return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
  }
  if (type === 'DEFAULT' && container !== undefined) {
    if (container.type !== 'MESOS') {
      return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor";
    }
    if (container.mesos?.image !== undefined) {
      return "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor";
    }
  }
  if (type === 'CUSTOM' && command === undefined) return "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  const idFault = idError(executor.executor_id.value);
  if (idFault !== undefined) return idFault;
  if (isNegative(executor.shutdown_grace_period)) {
    return "ExecutorInfo's 'shutdown_grace_period' must be non-negative";
  }
  const environment = command === undefined ? undefined : environmentError(command);
  if (environment !== undefined) return `Executor's \`CommandInfo\` is invalid: ${environment}`;
  const inContainer = container === undefined ? undefined : containerError(container);
  return inContainer === undefined ? undefined : `Executor's \`ContainerInfo\` is invalid: ${inContainer}`;
}

/** What is wrong with an executor of this framework, on this agent. */
export function executorInSceneError(
  executor: ExecutorInfo,
  executorResources: Resources,
  { frameworkId, agent, tasks }: LaunchScene,
): string | undefined {
  if (executor.framework_id === undefined) return "'ExecutorInfo.framework_id' must be set";
  if (executor.framework_id.value !== frameworkId) {
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${executor.framework_id.value} vs Expected: ${frameworkId})`;
  }
  const resources = resourceListError(executor.resources ?? [], executorResources, {
    uses: 'Executor uses',
    mixes: 'Executor mixes',
    invalid: 'Invalid executor resources',
  });
  if (resources !== undefined) return resources;
  const running = tasks.executors.infoOf(frameworkId, agent.agentId, executor.executor_id.value);
  return running === undefined ? undefined : incompatibleError(running, executor);
}

/** An executor is compared as the whole message, in one canonical form. */
function incompatibleError(running: ExecutorInfo, asked: ExecutorInfo): string | undefined {
  const [existing, given] = [running, asked].map((info) => encodeJson(messageTypes.ExecutorInfo, info));
  if (existing === given) return undefined;
  const line = '------------------------------------------------------------\n';
  return (
    'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n' +
    `${line}Existing ExecutorInfo:\n${existing}\n${line}ExecutorInfo:\n${given}\n${line}`
  );
}

/** What holds for executors of LAUNCH, not of LAUNCH_GROUP. */
function launchOnlyError(executor: ExecutorInfo, { executorResources }: LaunchCandidate): string | undefined {
  if (executor.type !== undefined && executor.type !== 'CUSTOM') return "'ExecutorInfo.type' must be 'CUSTOM'";
  if (executor.command === undefined) return "'ExecutorInfo.command' must be set";
  if (!executorResources.shared().isEmpty) {
    return `Executor resources ${executorResources.toString()} should not contain any shared resources`;
  }
  return executor.container?.linux_info?.share_cgroups === true
    ? "The 'share_cgroups' field cannot be set to 'true' on executor containers"
    : undefined;
}
