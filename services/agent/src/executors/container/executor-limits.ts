import type { Resource, TaskInfo } from '@tranche/mesos-api';
import type { ResourceLimits } from '../../containerizer/container.js';
import { diskLimits, type LimitOptions } from '../../tasks/command/task-limits.js';

const BYTES_PER_MB = 1024 * 1024;

type Asked = Pick<TaskInfo, 'resources' | 'limits'>;

/**
 * The limits of an executor's container: what the executor and its live tasks ask for together.
 *
 * Where no task has a ceiling there is none. Else it is the sum of the ceilings, of the requests of tasks without one, and of the
 * executor's own request; one that is infinite makes it infinite. Of cpus a task without a ceiling may use all there are, unless the agent
 * holds tasks to their requests: then one such task leaves the container without.
 *
 * @param options enforceCpuRequest: without a cpu ceiling, the request is the ceiling
 * @source Mesos 1.11 behaviour: requests, limits and resizing of executor containers
 */
export function executorLimits(
  executor: { readonly resources?: readonly Resource[] },
  tasks: readonly Asked[],
  options: LimitOptions,
): ResourceLimits {
  const cpus = kindOf('cpus', executor, tasks);
  const mem = kindOf('mem', executor, tasks);
  const cpusMilli = Math.round(cpus.request * 1000);
  const isEndless = !options.enforceCpuRequest && tasks.some(({ limits }) => limits?.['cpus'] === undefined);
  const ceiling = isEndless ? undefined : (cpus.ceiling ?? (options.enforceCpuRequest ? cpus.request : undefined));
  const resources = [executor, ...tasks].flatMap((holder) => holder.resources ?? []);
  return {
    cpusMilli,
    ...(ceiling === undefined ? {} : { cpusLimitMilli: Math.round(ceiling * 1000) }),
    memBytes: Math.round(mem.request * BYTES_PER_MB),
    ...(mem.ceiling === undefined ? {} : { memLimitBytes: Math.round(mem.ceiling * BYTES_PER_MB) }),
    ...diskLimits({ resources }, options.workDir),
  };
}

function kindOf(
  name: string,
  executor: { readonly resources?: readonly Resource[] },
  tasks: readonly Asked[],
): { readonly request: number; readonly ceiling: number | undefined } {
  const own = scalarOf(executor.resources, name);
  const requests = tasks.map(({ resources }) => scalarOf(resources, name));
  const ceilings = tasks.map(({ limits }) => limits?.[name]?.value);
  const request = sum([own, ...requests]);
  if (ceilings.every((ceiling) => ceiling === undefined)) return { request, ceiling: undefined };
  return { request, ceiling: sum([own, ...ceilings.map((ceiling, index) => Number(ceiling ?? requests[index]))]) };
}

/** Sum over all entries of a name: reserved and unreserved ones. */
const scalarOf = (resources: readonly Resource[] | undefined, name: string): number =>
  sum((resources ?? []).filter((resource) => resource.name === name).map(({ scalar }) => Number(scalar?.value ?? 0)));

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
