import { malformed, type Problem, problem } from '@tranche/http';
import type { QuotaConfig } from '@tranche/mesos-api';
import { exactAmount, toMilli } from '@tranche/resources';

/**
 * What is wrong with a quota in itself, as `/v1` says it.
 *
 * @param error in Mesos' words, for what nobody but its own clients get wrong
 */
export function quotaFault({ role, guarantees = {}, limits = {} }: QuotaConfig, error: string): Problem {
  const [top = role] = role.split('/');
  if (top !== role && top !== '') {
    return problem(400, 'quota.nested_role', 'Quota of a nested role', `role ${role} is not of the first level`, {
      hints: [`only such a role has a quota, for all roles below it: tranche quota set ${top} …`],
    });
  }
  const above = Object.entries(guarantees).flatMap(([name, { value }]) => {
    const limit = limits[name];
    return limit !== undefined && Number(value) > Number(limit.value)
      ? [{ name, guarantee: toMilli(Number(value)), limit: toMilli(Number(limit.value)) }]
      : [];
  });
  if (above.length === 0) return malformed([], error);
  const text = (name: string, milli: number): string => `${name} ${exactAmount(name, milli)}`;
  const pairs = above.map(
    ({ name, guarantee, limit }, index) =>
      `${text(name, guarantee)} ${index === 0 ? 'is ' : ''}above the limit ${exactAmount(name, limit)}`,
  );
  const raised = above.map(({ name, guarantee }) => text(name, guarantee)).join(', ');
  const lowered = above.map(({ name, limit }) => text(name, limit)).join(', ');
  return problem(
    400,
    'quota.guarantee_above_limit',
    'Guarantee is above the limit',
    `guarantee ${pairs.join(' and ')} of role ${role}`,
    { hints: [`set the limit to ${raised} or more, or the guarantee to ${lowered} or less`] },
  );
}
