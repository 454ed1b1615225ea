import type { TaskInfo } from '@tranche/mesos-api';
import type { ResourceLimits } from '../../containerizer/container.js';

const BYTES_PER_MB = 1024 * 1024;

/**
 * The limits of a task's container: requests from its resources, ceilings from its `limits`.
 *
 * There is no separate executor process, so nothing is added for one.
 *
 * @param options enforceCpuRequest: a task without a cpu limit is held to its request
 * @source Mesos 1.11 behaviour: cgroups/cpu and cgroups/mem, task resource limits
 */
export function limitsOf(task: TaskInfo, options: { readonly enforceCpuRequest: boolean }): ResourceLimits {
  const cpusMilli = Math.round(requested(task, 'cpus') * 1000);
  const memBytes = Math.round(requested(task, 'mem') * BYTES_PER_MB);
  const cpusLimit = limited(task, 'cpus');
  const memLimit = limited(task, 'mem');
  const cpusLimitMilli =
    cpusLimit === undefined ? (options.enforceCpuRequest ? cpusMilli : undefined) : Math.round(cpusLimit * 1000);
  return {
    cpusMilli,
    memBytes,
    ...(cpusLimitMilli === undefined ? {} : { cpusLimitMilli }),
    ...(memLimit === undefined ? {} : { memLimitBytes: Math.round(memLimit * BYTES_PER_MB) }),
  };
}

/** Sum over all entries of a name: a task may hold reserved and unreserved ones. */
const requested = (task: TaskInfo, name: string): number =>
  (task.resources ?? [])
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar }) => sum + Number(scalar?.value ?? 0), 0);

/** Infinity for a task that may use all there is. */
const limited = (task: TaskInfo, name: string): number | undefined => {
  const value = task.limits?.[name]?.value;
  return value === undefined ? undefined : Number(value);
};
