import { isStrictSubrole, type Quantities, Resources } from '@tranche/resources';
import type { Holding } from '../../engine.js';
import { objectOf, tableOf } from '../parse/fields.js';
import { readQuantities, readRole } from '../parse/parse-values.js';
import { ScenarioFault } from '../scenario.errors.js';
import type { Simulation } from '../simulation.js';
import { difference, type Expectation } from './expectation.js';

const readAllocated = objectOf((fields) => ({
  frameworks: fields.optional('frameworks', tableOf(readQuantities)) ?? new Map<string, Quantities>(),
  roles: fields.optional('roles', tableOf(readQuantities, readRole)) ?? new Map<string, Quantities>(),
}));

/** What frameworks, and roles with all below them, hold, offered or in use. */
export const allocatedExpectation: Expectation = {
  field: 'allocated',
  parse(value, path) {
    const { frameworks, roles } = readAllocated(value, path);
    return ({ simulation }) => [
      ...[...frameworks].flatMap(([id, expected]) => {
        if (!simulation.seenFrameworks.has(id))
          throw new ScenarioFault(`${path}.frameworks.${id}`, 'unknown framework');
        const found = heldBy(simulation, ({ frameworkId }) => frameworkId === id);
        return compare(`allocated.frameworks.${id}`, expected, found);
      }),
      ...[...roles].flatMap(([role, expected]) => {
        const found = heldBy(simulation, (holding) => holding.role === role || isStrictSubrole(holding.role, role));
        return compare(`allocated.roles.${role}`, expected, found);
      }),
    ];
  },
};

function compare(path: string, expected: Quantities, found: Quantities): string[] {
  return difference(path, expected.equals(found), expected.toText(), found.toText());
}

/** Quantities of all kinds; a shared volume counts once on an agent, whoever holds it. */
function heldBy(simulation: Simulation, isMeant: (holding: Holding) => boolean): Quantities {
  const byAgent = new Map<string, Resources>();
  for (const holding of simulation.engine.view.holdings()) {
    if (!isMeant(holding)) continue;
    const before = byAgent.get(holding.agentId) ?? Resources.EMPTY;
    byAgent.set(holding.agentId, before.plus(holding.resources));
  }
  let sum = Resources.EMPTY.quantities();
  for (const resources of byAgent.values()) sum = sum.plus(resources.quantities());
  return sum;
}
