import { fromMilli, Quantities } from '@tranche/resources';
import type { RoleSummary } from './role-summary.js';

/**
 * What counts against the quota of each role that is known, with the roles below it, and of all together, whose name is empty. By Mesos' names.
 *
 * @source allocation rule A13, as published: what is in use, and reservations
 */
export function consumedMetrics(roles: readonly RoleSummary[]): Record<string, number> {
  const top = roles.filter(({ name }) => !name.includes('/'));
  const all = top.reduce((sum, { consumed }) => sum.plus(consumed), Quantities.EMPTY);
  const metrics: Record<string, number> = {};
  for (const { name, consumed } of [{ name: '', consumed: all }, ...roles])
    for (const [resource, milli] of consumed)
      metrics[`allocator/mesos/quota/roles/${name}/resources/${resource}/consumed`] = fromMilli(milli);
  return metrics;
}
