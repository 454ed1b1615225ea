import { formatMilli, fromMilli, Limits, Quantities } from '@tranche/resources';
import type { Quota } from '../engine.js';

/** One exabyte in the unit of memory and disk, megabytes. */
const MAX_SIZE = 2 ** 40;
const MAX_OTHER = 1e12;

export function quotaOf(guarantees: Quantities = Quantities.EMPTY, limits: Limits = Limits.EMPTY): Quota {
  return { guarantees, limits };
}

/**
 * Why a quota is refused whatever the state of the cluster; undefined when it is not.
 *
 * @source allocation rules A14 and A70
 */
export function quotaError(role: string, { guarantees, limits }: Quota): string | undefined {
  if (role.includes('/')) return `quota of nested role ${role} is not supported`;
  for (const [name, milli] of [...guarantees, ...limits]) {
    const most = name === 'mem' || name === 'disk' ? MAX_SIZE : MAX_OTHER;
    if (fromMilli(milli) > most) return `${name}: ${formatMilli(milli)} is above ${most}`;
  }
  if (!limits.contains(guarantees)) return `limits ${limits.toText()} do not contain guarantees ${guarantees.toText()}`;
  return undefined;
}
