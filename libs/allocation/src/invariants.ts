import { isReserved, isStrictSubrole, Quantities, Resources } from '@tranche/resources';
import type { EngineView, Holding, Quota } from './engine.js';

/** What is looked at: the engine's tables, and what its owner has told it. */
export interface Checked {
  readonly view: EngineView;
  readonly agentIds: Iterable<string>;
  /** By top-level role. */
  readonly quotas: ReadonlyMap<string, Quota>;
}

/**
 * Violations of what holds after every event, as long as no agent's total shrinks below what is held there.
 *
 * Nothing is held beyond an agent's total, and what is free is exactly the rest: so nothing is given to two at once.
 *
 * @returns one sentence for each violation; none when all is well
 * @source allocation rules A4, A29
 */
export function resourceViolations({ view, agentIds }: Omit<Checked, 'quotas'>): string[] {
  const held = Map.groupBy(view.holdings(), ({ agentId }) => agentId);
  const violations: string[] = [];
  for (const agentId of agentIds) {
    const total = view.total(agentId) ?? Resources.EMPTY;
    const sum = sumOf(held.get(agentId) ?? []).nonShared();
    const free = (view.available(agentId) ?? Resources.EMPTY).nonShared();
    if (!total.contains(sum)) violations.push(`${agentId}: ${sum.toText()} is held of ${total.toText()}`);
    if (!total.nonShared().minus(sum).equals(free)) {
      violations.push(`${agentId}: ${free.toText()} is free of ${total.toText()} while ${sum.toText()} is held`);
    }
  }
  return violations;
}

/**
 * Roles that a cycle has taken above their limits.
 *
 * What was there before may be above a limit that was set later; reservations count, but are given regardless of limits. So what
 * is compared is the unreserved part given by the cycle with what the limit had left.
 *
 * @param before what each role had consumed before the cycle
 * @param given the cycle's allocations
 * @source allocation rules A13, A14, A43
 */
export function limitViolations(
  { quotas }: Pick<Checked, 'quotas'>,
  before: ReadonlyMap<string, Quantities>,
  given: readonly Holding[],
): string[] {
  const violations: string[] = [];
  for (const [role, { limits }] of quotas) {
    const own = sumOf(given.filter((each) => each.role === role));
    const added = boundedPart(own);
    const left = limits.minus(before.get(role) ?? Quantities.EMPTY);
    if (!left.contains(added)) violations.push(`${role}: got ${added.toText()}, its limit left ${left.toText()}`);
  }
  return violations;
}

/** What counts against each role's quota: reservations of its subtree, and what the subtree holds unreserved (A13). */
export function consumption({ view, agentIds, quotas }: Checked): Map<string, Quantities> {
  const consumed = new Map<string, Quantities>();
  const totals = sumOf([...agentIds].map((id) => ({ resources: view.total(id) ?? Resources.EMPTY })));
  const holdings = [...view.holdings()];
  for (const role of quotas.keys()) {
    const isOwn = (other: string): boolean => other === role || isStrictSubrole(other, role);
    const reserved = totals
      .nonRevocable()
      .filter((each) => isReserved(each) && isOwn(each.reservations.at(-1)?.role ?? ''));
    const held = sumOf(holdings.filter((each) => isOwn(each.role)));
    consumed.set(role, reserved.scalarQuantities().plus(boundedPart(held)));
  }
  return consumed;
}

/** Unreserved, non-revocable scalars. */
function boundedPart(resources: Resources): Quantities {
  return resources.unreserved().nonRevocable().scalarQuantities();
}

function sumOf(list: readonly Pick<Holding, 'resources'>[]): Resources {
  return list.reduce((sum, { resources }) => sum.plus(resources), Resources.EMPTY);
}
