import type { EngineState } from '../engine-state.js';
import type { Client } from '../frameworks/framework.js';
import { consumedOf, lacksGuarantee, type Role } from '../roles/role.js';
import { contendersOf } from './contenders.js';
import type { Help } from './explanation.js';
import { quantitiesOf } from './sums.js';

/** Digits of a weight: people type it. */
const WEIGHT_DIGITS = 3;

/**
 * Guarantees so low that they are met, of all roles for which something is kept back.
 *
 * @param own top-level role of the asker
 * @source allocation rule A42: what is kept back is guarantee − consumed
 */
export function metGuarantees({ roles, names }: EngineState, own: Role): Pick<Help, 'met'> {
  const lacking = [...roles.withQuota].filter(lacksGuarantee);
  if (lacking.length === 0 || lacking.includes(own)) return {};
  return {
    met: lacking.map((role) => {
      const guarantees = (role.quota?.guarantees ?? []).map((milli, name) => Math.min(milli, consumedOf(role, name)));
      return { role: role.name, guarantees: quantitiesOf(guarantees, names) };
    }),
  };
}

/**
 * The lowest weight, in a few digits, with which the asker's role has a smaller share than all that are before it.
 *
 * @returns none for a role with others above or below it, whose weights decide too; none where a framework of the same role, or somebody
 * who holds nothing, is before it: no weight is enough then
 * @source allocation rules A17, A18: what is compared is dominant share / weight
 */
export function leadingWeight(state: EngineState, asker: Client): Pick<Help, 'weight'> {
  const { role } = asker;
  const ahead = contendersOf(state, asker);
  if (role.parent !== undefined || role.children > 0 || ahead.some((other) => other.role === role)) return {};
  const least = Math.min(...ahead.map((other) => state.roleSorter.share(other.role.top.name) ?? 0));
  const share = state.roleSorter.share(role.name) ?? 0;
  if (!(least > 0) || !Number.isFinite(least) || share === 0) return {};
  return { weight: justAbove((share * role.weight) / least) };
}

function justAbove(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - WEIGHT_DIGITS + 1);
  return Number(((Math.floor(value / step) + 1) * step).toPrecision(WEIGHT_DIGITS));
}
