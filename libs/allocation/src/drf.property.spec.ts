import { Resources } from '@tranche/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from './hierarchical-engine.js';

/** What one task needs, in thousandths of the cluster. */
interface Demand {
  readonly cpus: number;
  readonly mem: number;
}

/** Size of the cluster in both resources: tasks are at most a fiftieth, so that the theory of divisible tasks nearly holds. */
const CLUSTER = 1000;
const demand: fc.Arbitrary<Demand> = fc.record({
  cpus: fc.integer({ min: 1, max: 20 }),
  mem: fc.integer({ min: 1, max: 20 }),
});
const demands = fc.array(demand, { minLength: 2, maxLength: 5 });

/**
 * Fills one machine by the engine's offers: whoever is offered the rest starts one task and returns what it does not need.
 *
 * @returns how many tasks each user runs in the end
 */
function fill(users: readonly Demand[], weights: readonly number[] = []): number[] {
  const engine = createEngine({ random: () => 0.5, agentOrder: 'id', minAllocatable: [] });
  const resources = Resources.parse(`cpus:${CLUSTER};mem:${CLUSTER}`);
  engine.addAgent({ id: 'machine', hostname: '', resources, attributes: [], capabilities: ['MULTI_ROLE'] }, []);
  users.forEach((_, i) => {
    engine.setWeight(`u${i}`, weights[i] ?? 1);
    engine.addFramework({ id: `${i}`, roles: [`u${i}`], suppressedRoles: [], capabilities: ['MULTI_ROLE'] }, true);
  });
  const tasks = users.map(() => 0);
  const needs = users.map(({ cpus, mem }) => Resources.parse(`cpus:${cpus};mem:${mem}`));
  for (let now = 0; ; now++) {
    const offer = engine.allocate('all', now).allocations[0];
    if (offer === undefined) return tasks;
    const user = Number(offer.frameworkId);
    const need = needs[user] as Resources;
    const fits = offer.resources.contains(need);
    if (fits) tasks[user] = (tasks[user] as number) + 1;
    engine.recover({ ...offer, resources: fits ? offer.resources.minus(need) : offer.resources }, now, fits ? 0 : 1e6);
  }
}

const dominant = ({ cpus, mem }: Demand): number => Math.max(cpus, mem) / CLUSTER;
const runnable = (need: Demand, cpus: number, mem: number): number =>
  Math.floor(Math.min(cpus / need.cpus, mem / need.mem));

describe('dominant resource fairness on random clusters', () => {
  it('gives everybody at least an equal part of its dominant resource (A92)', () => {
    fc.assert(
      fc.property(demands, (users) => {
        fill(users).forEach((tasks, i) => {
          const own = users[i] as Demand;
          // Whole tasks: at most one, of the largest size, is missing to the exact share.
          expect((tasks + 1) * dominant(own)).toBeGreaterThanOrEqual(1 / users.length - 20 / CLUSTER);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('lets nobody run more useful tasks by asking for more than it needs (A93)', () => {
    fc.assert(
      fc.property(demands, fc.record({ cpus: fc.nat(10), mem: fc.nat(10) }), (users, extra) => {
        const [honest] = fill(users) as [number];
        const [own, ...others] = users as [Demand, ...Demand[]];
        const lie = { cpus: own.cpus + extra.cpus, mem: own.mem + extra.mem };
        const [told] = fill([lie, ...others]) as [number];
        const useful = runnable(own, told * lie.cpus, told * lie.mem);
        expect(useful).toBeLessThanOrEqual(honest + Math.ceil(20 / Math.max(own.cpus, own.mem)) + 1);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves nobody better off with what another has (A94)', () => {
    fc.assert(
      fc.property(demands, (users) => {
        const tasks = fill(users);
        users.forEach((own, i) => {
          users.forEach((other, j) => {
            const theirs = tasks[j] as number;
            const swapped = runnable(own, theirs * other.cpus, theirs * other.mem);
            const slack = Math.ceil(20 / Math.max(own.cpus, own.mem)) + 1;
            expect(swapped).toBeLessThanOrEqual((tasks[i] as number) + slack);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  it('leaves room for no further task of anybody (A95)', () => {
    fc.assert(
      fc.property(demands, (users) => {
        const tasks = fill(users);
        const used = (name: keyof Demand): number =>
          users.reduce((sum, user, i) => sum + user[name] * (tasks[i] as number), 0);
        for (const { cpus, mem } of users) {
          expect(used('cpus') + cpus > CLUSTER || used('mem') + mem > CLUSTER).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('ends with shares in proportion to weights while all are bounded by one resource (A91)', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(weights, (list) => {
        const tasks = fill(
          list.map(() => ({ cpus: 5, mem: 1 })),
          list,
        );
        const all = list.reduce((sum, weight) => sum + weight, 0);
        tasks.forEach((count, i) => {
          expect(Math.abs((count * 5) / CLUSTER - (list[i] as number) / all)).toBeLessThan(0.01);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('takes nothing from anybody when somebody leaves (A96)', () => {
    fc.assert(
      fc.property(demands, (users) => {
        const before = fill(users);
        const after = fill(users.slice(1));
        after.forEach((tasks, i) => {
          const own = users[i + 1] as Demand;
          const slack = Math.ceil(20 / Math.max(own.cpus, own.mem)) + 1;
          expect(tasks).toBeGreaterThanOrEqual((before[i + 1] as number) - slack);
        });
      }),
      { numRuns: 30 },
    );
  });
});
