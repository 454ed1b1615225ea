import {
  type Check,
  checkAllocated,
  checkAvailable,
  checkFrameworkShares,
  checkMetrics,
  checkOfferCount,
  checkOrder,
  checkRoleShares,
  finding,
} from '../expect/checks.js';
import { compareOffers, type ExpectedOffer } from '../expect/offer-matching.js';
import { type Fields, listOf, mapOf, nullable, objectOf, type Read } from '../scenario/fields.js';
import { ScenarioError } from '../scenario/scenario.errors.js';
import { amount, boolean, count, id, number, quantities, resources, role, text } from '../scenario/values.js';
import type { Outcome } from '../world/offer.js';
import type { Verb } from './verb.js';

const offers = listOf(
  objectOf(
    (fields: Fields): ExpectedOffer => ({
      framework: fields.required('framework', id),
      role: fields.optional('role', role),
      agent: fields.optional('agent', id),
      resources: fields.required('resources', resources),
    }),
  ),
);

const inverseOffers = listOf(
  objectOf((fields: Fields) => ({ framework: fields.required('framework', id), agent: fields.required('agent', id) })),
);

const figures = mapOf(nullable(number));

/** Checks of the state as it is now, whatever led to it. */
const STATE_FIELDS: Readonly<Record<string, Read<Check[]>>> = {
  allocated: objectOf((fields) => [
    ...optional(fields, 'frameworks', mapOf(quantities), (held) => checkAllocated('frameworks', held)),
    ...optional(fields, 'roles', mapOf(quantities), (held) => checkAllocated('roles', held)),
  ]),
  available: (value, place) => [checkAvailable(mapOf(resources)(value, place))],
  shares: objectOf((fields) => [
    ...optional(fields, 'roles', figures, checkRoleShares),
    ...optional(fields, 'frameworks', mapOf(figures), checkFrameworkShares),
  ]),
  order: objectOf((fields) => {
    const roles = fields.optional('roles', listOf(text));
    const frameworks = fields.optional('frameworks', mapOf(listOf(text))) ?? new Map<string, string[]>();
    return [
      ...(roles === undefined ? [] : [checkOrder(undefined, roles)]),
      ...[...frameworks].map(([name, order]) => checkOrder(name, order)),
    ];
  }),
  offerCounts: (value, place) =>
    [...mapOf(countOrRange)(value, place)].map(([framework, range]) => checkOfferCount(framework, range)),
  metrics: (value, place) => [checkMetrics(figures(value, place))],
};

export const expectVerb: Verb = {
  name: 'expect',
  read(fields) {
    const last = fields.optional('last', positive) ?? 1;
    const outcomeChecks = readOutcomeChecks(fields);
    const stateChecks = Object.entries(STATE_FIELDS).flatMap(([name, read]) => fields.optional(name, read) ?? []);
    return (world) => {
      const seen = world.history.slice(-last);
      world.diff = [...outcomeChecks.flatMap((check) => check(seen)), ...stateChecks.flatMap((check) => check(world))];
    };
  },
};

/** Checks of what the steps before brought about. */
function readOutcomeChecks(fields: Fields): ((seen: readonly Outcome[]) => string[])[] {
  const expected = {
    offers: fields.optional('offers', offers),
    rescinds: fields.optional('rescinds', offers),
    inverseOffers: fields.optional('inverseOffers', inverseOffers),
    refused: fields.optional('refused', boolean),
  };
  return [
    ...(['offers', 'rescinds'] as const).flatMap((what) => {
      const list = expected[what];
      if (list === undefined) return [];
      return [
        (seen: readonly Outcome[]) =>
          compareOffers(
            what,
            list,
            seen.flatMap((outcome) => outcome[what]),
          ),
      ];
    }),
    (seen) => (expected.inverseOffers === undefined ? [] : compareInverse(expected.inverseOffers, seen)),
    (seen) => (expected.refused === undefined ? [] : compareRefused(expected.refused, seen)),
  ];
}

function compareInverse(expected: readonly { framework: string; agent: string }[], seen: readonly Outcome[]): string[] {
  const textOf = (list: readonly { framework: string; agent: string }[]): string =>
    list
      .map(({ framework, agent }) => `${framework} on ${agent}`)
      .toSorted()
      .join(', ') || 'none';
  const wanted = textOf(expected);
  const found = textOf(seen.flatMap((outcome) => outcome.inverseOffers));
  return wanted === found ? [] : [finding('inverseOffers', wanted, found)];
}

function compareRefused(expected: boolean, seen: readonly Outcome[]): string[] {
  const reasons = seen.flatMap(({ refused }) => refused ?? []);
  if (reasons.length > 0 === expected) return [];
  return [finding('refused', String(expected), reasons.length > 0 ? `true (${reasons.join('; ')})` : 'false')];
}

function optional<T>(fields: Fields, name: string, read: Read<T>, check: (expected: T) => Check): Check[] {
  const expected = fields.optional(name, read);
  return expected === undefined ? [] : [check(expected)];
}

const positive: Read<number> = (value, place) => {
  const read = count(value, place);
  if (read === 0) throw new ScenarioError(place, 'must be at least 1');
  return read;
};

function countOrRange(value: unknown, place: string): [number, number] {
  if (!Array.isArray(value)) {
    const exact = count(value, place);
    return [exact, exact];
  }
  const [least, most, ...more] = listOf(amount)(value, place);
  if (least === undefined || most === undefined || more.length > 0) {
    throw new ScenarioError(place, 'must be a number or two: least and most');
  }
  return [least, most];
}
