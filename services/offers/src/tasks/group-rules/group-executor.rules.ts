import { encodeJson, type ExecutorInfo, messageTypes } from '@tranche/mesos-api';
import { formatMilli, type Resources } from '@tranche/resources';
import { environmentError } from '../launch-rules/environment.rules.js';
import { executorError, executorInSceneError } from '../launch-rules/executor.rules.js';
import type { GroupRule } from './group-rule.js';

const MIN_CPUS_MILLI = 10;
const MIN_MEM_MILLI = 32_000;

/** The executor as any executor: in itself, its framework, its resources, and against the one that already runs there. */
export const groupExecutorIsValid: GroupRule = ({ executor, executorResources }, scene) =>
  executorError(executor) ?? executorInSceneError(executor, executorResources, scene);

/** Rule 18, for executors. */
export const groupExecutorIsFit: GroupRule = ({ executor }) => {
  if (executor.type === undefined) return "'ExecutorInfo.type' must be set";
  if (executor.type === 'UNKNOWN') return 'Unknown executor type';
  return executor.container?.type === 'DOCKER' ? 'Docker ContainerInfo is not supported on the executor' : undefined;
};

/** Rule 20: compared as whole messages, in one canonical form. */
export const groupExecutorIsOne: GroupRule = ({ executor, tasks }) => {
  const canonical = (info: ExecutorInfo): string => encodeJson(messageTypes.ExecutorInfo, info);
  const given = canonical(executor);
  for (const { info } of tasks) {
    if (info.executor === undefined || info.executor === executor || canonical(info.executor) === given) continue;
    const [taskId, executorId] = [info.task_id.value, executor.executor_id.value];
    return `The \`ExecutorInfo\` of task '${taskId}' is different from executor '${executorId}'`;
  }
  return undefined;
};

/** Rule 19. */
export const groupExecutorHasEnough: GroupRule = ({ executor, executorResources }) => {
  const subject = `Executor '${executor.executor_id.value}'`;
  const cpusMilli = executorResources.scalarMilli('cpus');
  if (cpusMilli < MIN_CPUS_MILLI) {
    const used = cpusMilli === 0 ? 'None' : formatMilli(cpusMilli);
    return `${subject} uses less CPUs (${used}) than the minimum required (0.01)`;
  }
  const memMilli = executorResources.scalarMilli('mem');
  if (memMilli < MIN_MEM_MILLI) {
    const used = memMilli === 0 ? 'None' : printMegabytes(memMilli);
    return `${subject} uses less memory (${used}) than the minimum required (32MB)`;
  }
  return hasDisk(executorResources) ? undefined : `${subject} uses no disk`;
};

const hasDisk = (resources: Resources): boolean => [...resources].some(({ name }) => name === 'disk');

/** As Mesos prints amounts of bytes: in the largest unit that leaves no fraction. */
function printMegabytes(milli: number): string {
  const bytes = Math.trunc((milli / 1000) * 1024 * 1024);
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (unit < units.length - 1 && value % 1024 === 0) {
    value /= 1024;
    unit++;
  }
  return `${value}${units[unit] ?? ''}`;
}

/** Of a custom executor's command. */
export const groupExecutorCommandIsValid: GroupRule = ({ executor }) => {
  const error = executor.command === undefined ? undefined : environmentError(executor.command);
  return error === undefined
    ? undefined
    : `Executor '${executor.executor_id.value}'contains an invalid command: ${error}`;
};
