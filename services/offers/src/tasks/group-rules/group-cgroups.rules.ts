import type { ContainerInfo } from '@tranche/mesos-api';
import type { GroupRule } from './group-rule.js';

/** Rule 22: all tasks of an executor share its cgroups, or none does; the executor itself has no choice. */
export const groupSharesCgroupsAlike: GroupRule = ({ executor, tasks }, scene) => {
  if (executor.container?.linux_info?.share_cgroups === true) {
    return "The 'share_cgroups' field cannot be set to 'true' on executor containers";
  }
  const executorId = executor.executor_id.value;
  const present = Array.from(scene.tasks.ofFramework(scene.frameworkId), ({ record }) => record)
    .filter(({ agentId, info }) => agentId === scene.agent.agentId && info.executor?.executor_id.value === executorId)
    .map(({ info }) => info.container);
  const answers = new Set([...tasks.map(({ info }) => info.container), ...present].map(sharesCgroups));
  return answers.size > 1
    ? "If set, the value of 'share_cgroups' must be the same for all tasks in each task group and under a single executor"
    : undefined;
};

const sharesCgroups = (container: ContainerInfo | undefined): boolean => container?.linux_info?.share_cgroups ?? true;
