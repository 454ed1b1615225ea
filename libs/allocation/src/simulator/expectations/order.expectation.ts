import { listOf, objectOf, readId, tableOf } from '../parse/fields.js';
import { readRole } from '../parse/parse-values.js';
import { difference, type Expectation } from './expectation.js';

const readOrder = objectOf((fields) => ({
  roles: fields.optional('roles', listOf(readRole)),
  frameworks: fields.optional('frameworks', tableOf(listOf(readId), readRole)) ?? new Map<string, string[]>(),
}));

/** Who comes first, by the current listings (allocation rule A20). */
export const orderExpectation: Expectation = {
  field: 'order',
  parse(value, path) {
    const { roles, frameworks } = readOrder(value, path);
    return ({ simulation: { engine } }) => [
      ...(roles === undefined ? [] : compare('order.roles', roles, engine.view.order())),
      ...[...frameworks].flatMap(([role, ids]) => compare(`order.frameworks.${role}`, ids, engine.view.order(role))),
    ];
  },
};

function compare(path: string, expected: readonly string[], found: readonly string[]): string[] {
  return difference(path, JSON.stringify(expected) === JSON.stringify(found), expected, found);
}
