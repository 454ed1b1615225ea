import { equalByName, Resources } from '@tranche/resources';
import { type Fields, listOf, objectOf, readId } from '../parse/fields.js';
import { readResources, readRole } from '../parse/parse-values.js';
import type { Offer } from '../offer-book.js';
import type { StepRecord } from '../step-record.js';
import type { Expectation } from './expectation.js';

/** Offers that are expected; without role or agent, all that match the rest, added up. */
interface ExpectedOffer {
  readonly frameworkId: string;
  readonly role: string | undefined;
  readonly agentId: string | undefined;
  readonly resources: Resources;
}

/** Exactly these offers were made. */
export const offersExpectation = expectationOn('offers', ({ offers }) => offers);

/** Exactly these offers were rescinded. */
export const rescindsExpectation = expectationOn('rescinds', ({ rescinds }) => rescinds);

function expectationOn(field: string, offersOf: (record: StepRecord) => readonly Offer[]): Expectation {
  return {
    field,
    parse(value, path) {
      const expected = joinEqual(listOf(objectOf(readExpected))(value, path));
      return ({ record }) => compare(field, expected, offersOf(record));
    },
  };
}

function readExpected(fields: Fields): ExpectedOffer {
  return {
    frameworkId: fields.required('framework', readId),
    role: fields.optional('role', readRole),
    agentId: fields.optional('agent', readId),
    resources: fields.required('resources', readResources),
  };
}

function compare(field: string, expected: readonly ExpectedOffer[], offers: readonly Offer[]): string[] {
  const differences = expected.flatMap((entry) => {
    const matching = offers.filter((offer) => isMatch(entry, offer));
    const found = matching.reduce((sum, { resources }) => sum.plus(resources), Resources.EMPTY);
    if (equalByName(entry.resources, found)) return [];
    return [`${field}: ${placeOf(entry)}: expected ${textOf(entry.resources)}, found ${textOf(found)}`];
  });
  const others = offers.filter((offer) => !expected.some((entry) => isMatch(entry, offer)));
  return [
    ...differences,
    ...others.map((offer) => `${field}: ${placeOf(offer)}: expected nothing, found ${textOf(offer.resources)}`),
  ];
}

function isMatch(entry: ExpectedOffer, offer: Offer): boolean {
  return (
    offer.frameworkId === entry.frameworkId &&
    (entry.role === undefined || offer.role === entry.role) &&
    (entry.agentId === undefined || offer.agentId === entry.agentId)
  );
}

/** Entries for the same framework, role and agent stand for their sum, as such offers do. */
function joinEqual(entries: readonly ExpectedOffer[]): ExpectedOffer[] {
  const joined = new Map<string, ExpectedOffer>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.frameworkId, entry.role ?? null, entry.agentId ?? null]);
    const before = joined.get(key)?.resources ?? Resources.EMPTY;
    joined.set(key, { ...entry, resources: before.plus(entry.resources) });
  }
  return [...joined.values()];
}

function placeOf({ frameworkId, role, agentId }: Omit<ExpectedOffer, 'resources'>): string {
  return [frameworkId, role !== undefined && `in ${role}`, agentId !== undefined && `on ${agentId}`]
    .filter(Boolean)
    .join(' ');
}

function textOf(resources: Resources): string {
  return resources.toText() || 'nothing';
}
