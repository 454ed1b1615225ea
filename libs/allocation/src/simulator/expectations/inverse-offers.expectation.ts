import { listOf, objectOf, readId } from '../parse/fields.js';
import { difference, type Expectation } from './expectation.js';

const readPairs = listOf(
  objectOf((fields) => ({
    frameworkId: fields.required('framework', readId),
    agentId: fields.required('agent', readId),
  })),
);

/** Exactly these inverse offers were made. */
export const inverseOffersExpectation: Expectation = {
  field: 'inverseOffers',
  parse(value, path) {
    const expected = readPairs(value, path).map(textOf).toSorted();
    return ({ record }) => {
      const found = record.inverseOffers.map(textOf).toSorted();
      return difference('inverseOffers', JSON.stringify(expected) === JSON.stringify(found), expected, found);
    };
  },
};

function textOf({ frameworkId, agentId }: { frameworkId: string; agentId: string }): string {
  return `${frameworkId} for ${agentId}`;
}
