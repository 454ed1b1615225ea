import { listOf, objectOf, readId, tableOf } from '../parse/fields.js';
import { readRole } from '../parse/parse-values.js';
import { difference, type Expectation } from './expectation.js';

const readOrder = objectOf((fields) => ({
  roles: fields.optional('roles', listOf(readRole)),
  frameworks: fields.optional('frameworks', tableOf(listOf(readId), readRole)) ?? new Map<string, string[]>(),
}));

/** Who comes first, by the current listings (allocation rule A20). A random sorter has none: it draws one when it is needed. */
export const orderExpectation: Expectation = {
  field: 'order',
  parse(value, path) {
    const { roles, frameworks } = readOrder(value, path);
    return ({ simulation }) => [
      ...(roles === undefined ? [] : compare('order.roles', roles, simulation.order())),
      ...[...frameworks].flatMap(([role, ids]) => compare(`order.frameworks.${role}`, ids, simulation.order(role))),
    ];
  },
};

function compare(path: string, expected: readonly string[], found: readonly string[] | undefined): string[] {
  return difference(path, JSON.stringify(expected) === JSON.stringify(found), expected, found);
}
