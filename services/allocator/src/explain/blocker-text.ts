import type { Blocker, BlockerCode, OfferConstraint, UnmetConstraint } from '@tranche/allocation';
import type { FrameworkRecord } from '@tranche/contracts';
import { Quantities } from '@tranche/resources';
import { milliText, quantitiesText, spanText, tallyText } from './amounts.js';

/** What texts name beside a blocker's own values. */
export interface TextContext {
  readonly nowMs: number;
  readonly framework: FrameworkRecord | undefined;
  readonly role: string;
  readonly nameOf: (frameworkId: string) => string;
  /** Name of a role other than that of the question. */
  readonly roleText: (role: string) => string;
}

type Of<C extends BlockerCode> = Extract<Blocker, { code: C }>;
type Writers = { readonly [C in BlockerCode]: (blockers: readonly Of<C>[], context: TextContext) => string };

/** The values of one obstacle on some agents, in a few words. @param blockers all of one code, at least one */
export function blockerText(blockers: readonly Blocker[], context: TextContext): string {
  const [first] = blockers as readonly [Blocker];
  const write = WRITERS[first.code] as (blockers: readonly Blocker[], context: TextContext) => string;
  return write(blockers, context);
}

const WRITERS: Writers = {
  'framework.disconnected': (_all, { framework, nowMs }) => {
    const deadline = framework?.failoverDeadlineMs;
    const left = deadline === undefined ? '' : `, removed in ${spanText(deadline - nowMs)}`;
    return `${framework?.disconnectedReason ?? 'not subscribed'}${left}`;
  },
  'framework.inactive': () => 'deactivated',
  'framework.removed': (_all, { framework }) => framework?.removedReason ?? 'removed',
  'role.not_subscribed': ([first]) => `its roles: ${first?.roles.join(', ') || 'none'}`,
  'role.suppressed': (_all, { role }) => `it asked for no offers in role ${role}`,
  'agent.inactive': (all) =>
    tallyText(
      all.map(({ reason }) => reason),
      (reason, count) => `${count} ${reason}`,
    ),
  'agent.excluded': (all) =>
    `offer constraint ${tallyText(
      all.flatMap(({ unmet }) => unmet.map(constraintText)),
      (text) => text,
    )}`,
  'agent.reserved': (all, { roleText }) =>
    tallyText(
      all.flatMap(({ reservedTo }) => reservedTo.map(({ role }) => roleText(role))),
      (role, count) => `to ${role} ${count}`,
    ),
  'agent.in_use': (all, { nameOf }) =>
    tallyText(
      all.flatMap(({ holders }) => [...new Set(holders.map(({ frameworkId }) => nameOf(frameworkId)))]),
      (name, count) => `by ${name} ${count}`,
    ),
  'agent.offered': (all, { nameOf, nowMs }) => {
    const offers = all.flatMap(({ holders }) => holders);
    const oldest = Math.min(...offers.map(({ madeAtMs }) => madeAtMs));
    const names = tallyText(
      offers.map(({ frameworkId }) => nameOf(frameworkId)),
      (name, count) => `to ${name} ${count}`,
    );
    return `${names}, oldest for ${spanText(nowMs - oldest)}`;
  },
  'agent.below_minimum': ([first]) =>
    `free ${quantitiesText(first?.free ?? Quantities.EMPTY)}, less than ${first?.minimums.map((one) => quantitiesText(one)).join(' or ')}`,
  'capability.gpu': () => 'they have GPUs, and it has no GPU_RESOURCES',
  'capability.region': () => 'in another region, and it is not REGION_AWARE',
  'capability.multi_role': () => 'the agents lack MULTI_ROLE',
  'capability.hierarchical_role': () => 'the agents lack HIERARCHICAL_ROLE',
  'capability.stripped': ([first]) =>
    `only ${first?.kinds.join(' and ')} resources, which it cannot handle: ${quantitiesText(first?.resources ?? Quantities.EMPTY)}`,
  'quota.limit': (all) => limitText(all),
  'quota.headroom': ([first], { roleText }) =>
    `kept for ${first?.lacking.map(({ role, resources }) => `${roleText(role)} ${quantitiesText(resources)}`).join(', ')}`,
  'filter.declined': (all) => `by itself, ${rangeText(all.map(({ endsInMs }) => endsInMs))} left`,
  'order.share': (all, { nameOf, roleText }) =>
    tallyText(
      all.flatMap(({ ahead }) => ahead.slice(0, 1).map((one) => `${nameOf(one.frameworkId)} (${roleText(one.role)})`)),
      (who) => `${who} is before it`,
    ),
  'shape.too_big': (all) => {
    const most = new Map<string, { asked: number; has: number }>();
    for (const { name, asked, has } of all.flatMap(({ short }) => short)) {
      if (has >= (most.get(name)?.has ?? 0)) most.set(name, { asked, has });
    }
    return Array.from(
      most,
      ([name, { asked, has }]) => `${name} ${milliText(name, asked)} asked, the largest has ${milliText(name, has)}`,
    ).join(', ');
  },
  'shape.attribute': (all) => {
    const byWanted = Map.groupBy(
      all.flatMap(({ unmet }) => unmet),
      ({ name, asked }) => `${name}=${asked}`,
    );
    return Array.from(byWanted, ([wanted, unmet]) => {
      const values = tallyText(
        unmet.map(({ has }) => has ?? 'not set'),
        (value, count) => `${value} ${count}`,
      );
      return `${wanted}: ${unmet[0]?.name} is ${values}`;
    }).join('; ');
  },
  'shape.ports': (all) =>
    `${all[0]?.asked} asked, free are ${tallyText(
      all.map(({ free }) => free),
      (text) => text,
    )}`,
};

/** `analytics cpus 64 of 64`: each name with the most that is used, as that may grow while a run goes on. */
function limitText(blockers: readonly Of<'quota.limit'>[]): string {
  const most = new Map<string, { used: number; limit: number }>();
  for (const { name, used, limit } of blockers.flatMap(({ bounds }) => bounds)) {
    if (used >= (most.get(name)?.used ?? 0)) most.set(name, { used, limit });
  }
  const parts = Array.from(
    most,
    ([name, { used, limit }]) => `${name} ${milliText(name, used)} of ${milliText(name, limit)}`,
  );
  return `${blockers[0]?.role} ${parts.join(', ')}`;
}

/** `rack ≠ r9`, with what the agent has where it says more. */
function constraintText({ constraint }: UnmetConstraint): string {
  const { selector, predicate, operand } = constraint;
  const subject = 'attribute' in selector ? selector.attribute : selector.pseudo;
  return `${subject} ${SIGNS[predicate]}${operand === undefined ? '' : ` ${operand}`}`;
}

const SIGNS: Readonly<Record<OfferConstraint['predicate'], string>> = {
  exists: 'exists',
  notExists: 'does not exist',
  equals: '=',
  notEquals: '≠',
  matches: 'matches',
  notMatches: 'does not match',
};

function rangeText(spans: readonly number[]): string {
  const [least, most] = [Math.min(...spans), Math.max(...spans)];
  const [from, to] = [spanText(least), spanText(most)];
  const isInSeconds = from.endsWith(' s') && to.endsWith(' s');
  return from === to ? to : `${isInSeconds ? from.slice(0, -2) : from} to ${to}`;
}
