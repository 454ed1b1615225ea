import { doubleToNumber } from '@tranche/mesos-api';
import { toMilli } from '@tranche/resources';
import type { LaunchRule } from './launch-rule.js';

const LIMITED = [
  { name: 'cpus', subject: 'CPU', lower: 'cpu' },
  { name: 'mem', subject: 'memory', lower: 'memory' },
] as const;

/** Rule 11: a limit is for cpus or mem, not below what is requested, and may be infinite. */
export const limitsAreValid: LaunchRule = ({ info, resources }, { agent }) => {
  const limits = Object.entries(info.limits ?? {});
  if (limits.length === 0) return undefined;
  if (!agent.capabilities.has('TASK_RESOURCE_LIMITS')) {
    return 'Agent is not capable of handling task resource limits';
  }
  if (limits.some(([name]) => !LIMITED.some((limited) => limited.name === name))) {
    return "Only cpus and mem may be included in a task's resource limits";
  }
  for (const { name, subject, lower } of LIMITED) {
    const limit = info.limits?.[name];
    if (limit === undefined) continue;
    const requestedMilli = resources.scalarMilli(name);
    if (requestedMilli === 0) {
      return `When a ${subject} limit is specified, a ${subject} request must also be specified`;
    }
    const value = doubleToNumber(limit.value);
    const isBelow = Number.isFinite(value) ? toMilli(value) < requestedMilli : value !== Number.POSITIVE_INFINITY;
    if (isBelow) return `The ${lower} limit must be greater than or equal to the ${lower} request`;
  }
  return undefined;
};
