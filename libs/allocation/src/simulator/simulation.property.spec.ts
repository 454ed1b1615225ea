import { Resources } from '@tranche/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse/parse-scenario.js';
import { resultJson } from './result-json.js';
import { ScenarioRun } from './run-scenario.js';
import { ScenarioError } from './scenario.errors.js';
import type { Simulation } from './simulation.js';

const agentId = fc.constantFrom('a1', 'a2', 'a3');
const frameworkId = fc.constantFrom('f', 'g', 'h');
const role = fc.constantFrom('r', 's', 's/t');
const roles = fc.uniqueArray(role, { minLength: 1 });
const total = fc.constantFrom(
  'cpus:4;mem:400',
  'cpus:8;mem:200;ports:[1-9];disk:50',
  'cpus:2;cpus(s):2;mem:300;disk(s)[v]<SHARED>:10;disk(s):20',
  'cpus:3;cpus{REV}:3;mem:100;gpus:1',
);
const refuse = fc.constantFrom(undefined, 0, 1, 3.5, 60);
const capabilities = fc.constantFrom(
  ['MULTI_ROLE'],
  ['MULTI_ROLE', 'SHARED_RESOURCES', 'REVOCABLE_RESOURCES', 'GPU_RESOURCES', 'RESERVATION_REFINEMENT'],
);
const amount = fc.constantFrom('cpus:1', 'cpus:1;mem:50', 'cpus(s):1', 'disk(s)[v]<SHARED>:10', 'ports:[2-3]');
const quota = fc.constantFrom('cpus:1', 'cpus:3;mem:100', '');

const step = fc.oneof(
  fc.record({ addAgent: fc.record({ id: agentId, resources: total }) }),
  fc.record({ addFramework: fc.record({ id: frameworkId, roles, capabilities }) }),
  fc.record({ updateAgent: fc.record({ id: agentId, resources: total }) }),
  fc.record({ updateFramework: fc.record({ id: frameworkId, roles }) }),
  fc.record({
    accept: fc.record(
      { framework: frameworkId, agent: agentId, role, use: amount, refuse },
      { requiredKeys: ['framework', 'agent', 'role'] },
    ),
  }),
  fc.record({ decline: fc.record({ framework: frameworkId, refuse }, { requiredKeys: ['framework'] }) }),
  fc.record({ decline: fc.record({ framework: frameworkId, agent: agentId, role, resources: amount, refuse }) }),
  fc.record({ recover: fc.record({ framework: frameworkId, agent: agentId, role, resources: amount }) }),
  fc.record({ reserve: fc.record({ agent: agentId, resources: amount, role }) }),
  fc.record({ reserve: fc.record({ agent: agentId, framework: frameworkId, resources: amount, role }) }),
  fc.record({ unreserve: fc.record({ agent: agentId, resources: amount }) }),
  fc.record({
    createVolume: fc.record({ agent: agentId, id: fc.constantFrom('v', 'w'), size: fc.constant(10), role }),
  }),
  fc.record({ destroyVolume: fc.record({ agent: agentId, id: fc.constantFrom('v', 'w') }) }),
  fc.record({
    destroyVolume: fc.record({ agent: agentId, framework: frameworkId, id: fc.constantFrom('v', 'w') }),
  }),
  fc.record({ setQuota: fc.record({ role: fc.constantFrom('r', 's'), guarantees: quota, limits: fc.constant('') }) }),
  fc.record({ setQuota: fc.record({ role: fc.constantFrom('r', 's'), limits: quota }) }),
  fc.record({ setWeight: fc.record({ role, weight: fc.constantFrom(1, 2, 0.5) }) }),
  fc.record({ setMaintenance: fc.record({ agent: agentId, start: fc.constantFrom(null, 9) }) }),
  fc.record({ suppress: fc.record({ framework: frameworkId }) }),
  fc.record({ revive: fc.record({ framework: frameworkId }) }),
  fc.record({ deactivateFramework: fc.record({ id: frameworkId }) }),
  fc.record({ activateFramework: fc.record({ id: frameworkId }) }),
  fc.record({ removeFramework: fc.record({ id: frameworkId }) }),
  fc.record({ removeAgent: fc.record({ id: agentId }) }),
  fc.record({ deactivateAgent: fc.record({ id: agentId }) }),
  fc.record({ activateAgent: fc.record({ id: agentId }) }),
  fc.record({ advance: fc.record({ seconds: fc.constantFrom(0.5, 1, 7) }) }),
  fc.constant({ allocate: {} }),
);

/** Steps that make sense one after the other: the others of the list are left out. */
function sensible(steps: readonly object[]): object[] {
  const kept: object[] = [];
  for (const each of steps) {
    try {
      for (const _ of new ScenarioRun(parseScenario(JSON.stringify({ steps: [...kept, each] }))).results()) continue;
      kept.push(each);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
    }
  }
  return kept;
}

const start = [
  { addFramework: { id: 'f', roles: ['r', 's'] } },
  { addAgent: { id: 'a1', resources: 'cpus:4;mem:400;ports:[1-4]' } },
];
const histories = fc.array(step, { minLength: 10, maxLength: 40 }).map((steps) => sensible([...start, ...steps]));

function run(
  steps: readonly object[],
  check?: (simulation: Simulation) => void,
): { lines: string[]; run: ScenarioRun } {
  const scenario = new ScenarioRun(parseScenario(JSON.stringify({ steps })));
  const lines: string[] = [];
  for (const result of scenario.results()) {
    lines.push(resultJson(result));
    check?.(scenario.simulation);
  }
  return { lines, run: scenario };
}

/** By framework, role and agent, as text. */
function heldText(
  holdings: Iterable<{ frameworkId: string; role: string; agentId: string; resources: Resources }>,
): string[] {
  const sums = new Map<string, Resources>();
  for (const { frameworkId, role, agentId, resources } of holdings) {
    const key = `${frameworkId} ${role} ${agentId}`;
    sums.set(key, (sums.get(key) ?? Resources.EMPTY).plus(resources));
  }
  return [...sums].map(([key, resources]) => `${key}: ${resources.toText()}`).toSorted();
}

describe('simulation', () => {
  it('agrees with the engine on who holds what, after any history', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        run(steps, ({ offers, inUse, engine }) => {
          expect(heldText([...offers.all(), ...inUse.all()])).toEqual(heldText(engine.view.holdings()));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('never offers what is not there: held and available are the total, as long as no total shrinks', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const growing = sensible(steps.filter((each) => !('updateAgent' in each)));
        run(growing, ({ engine, agents }) => {
          for (const id of agents.keys()) {
            const held = [...engine.view.holdings()].filter((each) => each.agentId === id);
            const sum = held.reduce((all, { resources }) => all.plus(resources.nonShared()), Resources.EMPTY);
            const free = (engine.view.available(id) as Resources).nonShared();
            // Compared as collections: static and dynamic reservations of one role look alike in texts, in any order.
            const total = (engine.view.total(id) as Resources).nonShared();
            const found = sum.plus(free);
            expect(found.equals(total) || `${found.toText()} is not ${total.toText()}`).toBe(true);
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is the same on every run', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        expect(run(steps).lines).toEqual(run(steps).lines);
      }),
      { numRuns: 20 },
    );
  });

  it('comes to the same in one long wait as in many short ones, in which no batch cycle is left out', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const seconds = Array.from({ length: 70 }, () => ({ advance: { seconds: 1 } }));
        const short = run([...steps, ...seconds]);
        const long = run([...steps, { advance: { seconds: 70 } }]);
        const made = (lines: readonly string[]): unknown[] =>
          lines.slice(steps.length).flatMap((line) => {
            const { offers, inverseOffers } = JSON.parse(line) as { offers: unknown[]; inverseOffers: unknown[] };
            return [...offers, ...inverseOffers];
          });
        expect(made(long.lines)).toEqual(made(short.lines));
        expect(long.run.simulation.metrics()).toEqual(short.run.simulation.metrics());
      }),
      { numRuns: 60 },
    );
  });
});
