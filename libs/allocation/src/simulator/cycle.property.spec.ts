import { type Limits, Quantities, type Resource, Resources, isAllocatableTo, isReserved } from '@tranche/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Holding } from '../engine.js';
import { parseScenario } from './parse/parse-scenario.js';
import { ScenarioRun } from './run-scenario.js';
import type { Simulation } from './simulation.js';

/**
 * A plain reading of allocation rules A38–A53 for the order `id`, in which nothing is incremental: sums are taken anew for every
 * decision. Filters, constraints and capabilities other than revocable are left to scenarios.
 */
class PlainCycle {
  readonly #held: Holding[];
  readonly #made = new Map<string, Holding>();

  constructor(
    private readonly simulation: Simulation,
    /** Pieces recorded so far, by framework and role as JSON: allocation counts (A21). */
    private readonly counts: Map<string, number>,
  ) {
    this.#held = [...simulation.engine.view.holdings()];
  }

  run(): string[] {
    const agents = [...this.simulation.agents.keys()].toSorted();
    let required = this.#required();
    let spare = this.#idle();
    for (const agentId of agents) {
      for (const role of this.#roles()) {
        const quota = this.simulation.quotas.get(role);
        if (quota === undefined || quota.guarantees.isEmpty) continue;
        for (const frameworkId of this.#frameworks(role)) {
          const unsatisfied = quota.guarantees.minus(this.#consumed(role));
          if (unsatisfied.isEmpty) break;
          const able = this.#able(agentId, role, frameworkId);
          const candidates = able.filter(isBounded);
          const g = candidates.cutToQuantities(unsatisfied, 'stored');
          if (g.isEmpty) continue;
          const always = able.filter(
            (each) => !isBounded(each) && (!isReserved(each) || each.reservations.at(-1)?.role === role),
          );
          let e = candidates.minus(g);
          e = cutToLimits(e, quota.limits, this.#consumed(role).plus(g.scalarQuantities()));
          if (!required.isEmpty) e = e.cutToQuantities(spare.minus(required), 'stored');
          const taken = g.scalarQuantities();
          if (!this.#offer(frameworkId, role, agentId, g.plus(always).plus(e))) continue;
          required = required.minus(taken);
          spare = spare.minus(taken).minus(e.scalarQuantities());
        }
      }
      this.#count();
    }
    for (const agentId of agents) {
      for (const role of this.#roles()) {
        for (const frameworkId of this.#frameworks(role)) {
          const able = this.#able(agentId, role, frameworkId);
          let cut = able.filter(isBounded);
          const limits = this.simulation.quotas.get(topOf(role))?.limits;
          if (limits !== undefined && topOf(role) === role) cut = cutToLimits(cut, limits, this.#consumed(role));
          if (!required.isEmpty) cut = cut.cutToQuantities(spare.minus(required), 'stored');
          if (this.#offer(frameworkId, role, agentId, able.filter((each) => !isBounded(each)).plus(cut))) {
            spare = spare.minus(cut.scalarQuantities());
          }
        }
      }
      this.#count();
    }
    return [...this.#made.values()].map(
      ({ frameworkId, role, agentId, resources }) => `${frameworkId} ${role} ${agentId}: ${resources.toText()}`,
    );
  }

  /** Grants of the agent being visited: shares and counts hear of them after the visit (A50). */
  #fresh: Holding[] = [];

  #offer(frameworkId: string, role: string, agentId: string, resources: Resources): boolean {
    const all = resources.quantities();
    if (all.get('cpus') < 10 && all.get('mem') < 32_000) return false;
    const holding = { frameworkId, role, agentId, resources };
    this.#fresh.push(holding);
    const key = JSON.stringify([frameworkId, role, agentId]);
    const before = this.#made.get(key)?.resources ?? Resources.EMPTY;
    this.#made.set(key, { ...holding, resources: before.plus(resources) });
    return true;
  }

  #count(): void {
    for (const { frameworkId, role } of this.#fresh) {
      const key = JSON.stringify([frameworkId, role]);
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
    this.#held.push(...this.#fresh);
    this.#fresh = [];
  }

  #able(agentId: string, role: string, frameworkId: string): Resources {
    let free = this.simulation.engine.view.total(agentId) as Resources;
    for (const each of [...this.#held, ...this.#fresh]) if (each.agentId === agentId) free = free.minus(each.resources);
    const all = free.filter((each) => isAllocatableTo(each, role));
    const isWhole = all.quantities().get('cpus') >= 10 || all.quantities().get('mem') >= 32_000;
    const canRevoke = this.simulation.frameworks.get(frameworkId)?.spec.capabilities.includes('REVOCABLE_RESOURCES');
    if (!isWhole) return Resources.EMPTY;
    return canRevoke === true ? all : all.nonRevocable();
  }

  /** Siblings by share, count and name; no role here has both frameworks and children (A19, A20). */
  #roles(): string[] {
    const clients = [...this.simulation.frameworks.values()].flatMap(({ spec }) => spec.roles);
    const sorted = (paths: Iterable<string>): string[] =>
      [...new Set(paths)].toSorted((a, b) => {
        const [one, two] = [a, b].map((path) => this.#key((each) => isWithin(each.role, path), path));
        return this.#compare(one as Key, two as Key) || (a < b ? -1 : 1);
      });
    return sorted(clients.map(topOf)).flatMap((top) => sorted(clients.filter((role) => topOf(role) === top)));
  }

  #frameworks(role: string): string[] {
    const ids = [...this.simulation.frameworks.values()]
      .filter(({ spec }) => spec.roles.includes(role))
      .map(({ spec }) => spec.id);
    return ids.toSorted((a, b) => {
      const [one, two] = [a, b].map((id) => this.#key((each) => each.role === role && each.frameworkId === id));
      return this.#compare(one as Key, two as Key) || (a < b ? -1 : 1);
    });
  }

  #compare(a: Key, b: Key): number {
    return a.share - b.share || a.count - b.count;
  }

  #key(isMeant: (each: { role: string; frameworkId: string }) => boolean, path = ''): Key {
    const totals = sum(
      [...this.simulation.agents.keys()].map((id) =>
        (this.simulation.engine.view.total(id) as Resources).scalarQuantities(),
      ),
    );
    const held = sum(this.#held.filter(isMeant).map(({ resources }) => resources.scalarQuantities()));
    const share = Math.max(0, ...[...held].map(([name, milli]) => milli / totals.get(name)));
    let count = 0;
    for (const [key, pieces] of this.counts) {
      const [frameworkId, role] = JSON.parse(key) as [string, string];
      if (isMeant({ frameworkId, role })) count += pieces;
    }
    return { share: share / (WEIGHTS[path] ?? 1), count };
  }

  #consumed(top: string): Quantities {
    const reserved = [...this.simulation.agents.keys()].map((id) =>
      (this.simulation.engine.view.total(id) as Resources)
        .nonRevocable()
        .filter((each) => isReserved(each) && isWithin(each.reservations.at(-1)?.role ?? '', top))
        .scalarQuantities(),
    );
    const held = [...this.#held, ...this.#fresh].filter((each) => isWithin(each.role, top));
    return sum([...reserved, ...held.map(({ resources }) => resources.filter(isBounded).scalarQuantities())]);
  }

  #required(): Quantities {
    return sum([...this.simulation.quotas].map(([role, { guarantees }]) => guarantees.minus(this.#consumed(role))));
  }

  #idle(): Quantities {
    return sum(
      [...this.simulation.agents.keys()].map((id) => {
        let free = this.simulation.engine.view.total(id) as Resources;
        for (const each of this.#held) if (each.agentId === id) free = free.minus(each.resources);
        return free.filter(isBounded).scalarQuantities();
      }),
    );
  }
}

interface Key {
  readonly share: number;
  readonly count: number;
}

const WEIGHTS: Readonly<Record<string, number>> = { s: 2, 't/u': 0.5 };

const topOf = (role: string): string => role.split('/')[0] as string;
const isWithin = (role: string, top: string): boolean => role === top || role.startsWith(`${top}/`);
const isBounded = (each: Resource): boolean =>
  each.value.kind === 'scalar' && !isReserved(each) && each.revocable !== true;
const sum = (parts: readonly Quantities[]): Quantities => parts.reduce((all, part) => all.plus(part), Quantities.EMPTY);
const cutToLimits = (resources: Resources, limits: Limits, used: Quantities): Resources =>
  resources.cutToLimits(limits.minus(used), 'stored');

const TOTALS = [
  'cpus:4;mem:400',
  'cpus:8;mem:200;ports:[1-9];disk:50',
  'cpus:2;cpus(s):2;mem:300;disk(t):20',
  'cpus:3;cpus{REV}:3;mem:100;cpus(t/u):1',
  'cpus:1;mem:1000;disk[PATH:/a]:30;disk[PATH:/b]:30',
];
const USES = ['', 'cpus:1', 'mem:100', 'cpus:1;mem:50', 'cpus(s):1', 'ports:[1-2]', undefined];

const setup = fc.record({
  agents: fc.array(fc.constantFrom(...TOTALS), { minLength: 1, maxLength: 6 }),
  frameworks: fc.array(
    fc.record({
      roles: fc.uniqueArray(fc.constantFrom('r', 's', 't/u', 't/v'), { minLength: 1, maxLength: 3 }),
      canRevoke: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  quotas: fc.array(
    fc.record({
      role: fc.constantFrom('r', 's', 't', 'idle'),
      guarantees: fc.constantFrom('', 'cpus:2', 'cpus:5;mem:300', 'mem:700', 'disk:40;cpus:1'),
      limits: fc.constantFrom('', 'cpus:6', 'cpus:9;mem:900', 'disk:45'),
    }),
    { maxLength: 3 },
  ),
  /** What becomes of the offers between the cycles. */
  rounds: fc.array(fc.array(fc.nat(USES.length), { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 4 }),
});

describe('cycle', () => {
  it('decides as a plain reading of the rules does, cycle after cycle', () => {
    fc.assert(
      fc.property(setup, ({ agents, frameworks, quotas, rounds }) => {
        const steps: object[] = [
          { setWhitelist: { hosts: [] } },
          ...Object.entries(WEIGHTS).map(([role, weight]) => ({ setWeight: { role, weight } })),
          ...agents.map((resources, i) => ({ addAgent: { id: `a${i}`, resources } })),
          ...frameworks.map(({ roles, canRevoke }, i) => ({
            addFramework: {
              id: `f${i}`,
              roles,
              capabilities: ['MULTI_ROLE', ...(canRevoke ? ['REVOCABLE_RESOURCES'] : [])],
            },
          })),
          ...quotas.map((quota) => ({ setQuota: quota })),
          { setWhitelist: { hosts: null } },
        ];
        const scenario = new ScenarioRun(parseScenario(JSON.stringify({ steps })));
        for (const _ of scenario.results()) continue;
        const { simulation } = scenario;
        const counts = new Map<string, number>();
        for (const choices of rounds) {
          const expected = new PlainCycle(simulation, counts).run();
          simulation.record = { offers: [], rescinds: [], inverseOffers: [] };
          simulation.cycle('all');
          const found = simulation.record.offers.map(
            ({ frameworkId, role, agentId, resources }) => `${frameworkId} ${role} ${agentId}: ${resources.toText()}`,
          );
          expect(found).toEqual(expected);
          giveBack(simulation, choices);
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Each offer is kept, given back, or used in part, without filters. */
function giveBack(simulation: Simulation, choices: readonly number[]): void {
  [...simulation.offers.all()].forEach((offer, i) => {
    const use = USES[choices[i % choices.length] as number];
    if (use === undefined) return;
    simulation.offers.remove(offer);
    const used = Resources.parse(use);
    const kept = offer.resources.contains(used) ? used : Resources.EMPTY;
    simulation.inUse.add({ ...offer, resources: kept });
    simulation.recover({ ...offer, resources: offer.resources.minus(kept) });
  });
}
