import { Limits, Quantities, Resources } from '@tranche/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AllocationEngine, FrameworkSpec, Holding, Quota } from './engine.js';
import { createEngine } from './hierarchical-engine.js';
import { consumption, limitViolations, resourceViolations } from './invariants.js';

const ROLES = ['a', 'b', 'a/x', 'c'];
const AGENT_TEXTS = [
  'cpus:4;mem:1000;ports:[1-8]',
  'cpus:2;mem:3000;cpus(a):2;mem(a):100',
  'cpus:8;mem:500;disk(b)[v1]:10;disk(b):20;gpus:1',
  'cpus:3;mem:300;cpus{REV}:2;cpus(a/x):1',
];

/** One event of a history. Numbers choose among what exists at that moment. */
type Event =
  | { readonly kind: 'addAgent' | 'removeAgent' | 'addFramework' | 'removeFramework' | 'toggle'; readonly pick: number }
  | { readonly kind: 'suppress' | 'revive'; readonly pick: number }
  | { readonly kind: 'return'; readonly pick: number; readonly share: number; readonly refuse: number | undefined }
  | { readonly kind: 'quota'; readonly pick: number; readonly guarantee: number; readonly limit: number }
  | { readonly kind: 'cycle'; readonly cycle: 'batch' | 'all' | 'triggered'; readonly seconds: number };

const pick = fc.nat(1000);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('addAgent' as const, 'addFramework' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('removeAgent' as const, 'removeFramework' as const), pick }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('toggle' as const, 'suppress' as const, 'revive' as const), pick }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('return' as const),
      pick,
      share: fc.constantFrom(0.25, 0.5, 1),
      refuse: fc.constantFrom(undefined, 0, 1, 5, 100),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('quota' as const), pick, guarantee: fc.nat(6), limit: fc.nat(12) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('cycle' as const),
      cycle: fc.constantFrom('batch' as const, 'all' as const, 'triggered' as const),
      seconds: fc.constantFrom(0, 1, 3),
    }),
  },
);

const histories = fc.array(event, { minLength: 40, maxLength: 120, size: 'max' });

/** An engine with what its owner knows of it. */
class Cluster {
  readonly engine: AllocationEngine = createEngine({ random: () => 0.5, agentOrder: 'id' });
  readonly agents = new Set<string>();
  readonly frameworks = new Map<string, { spec: FrameworkSpec; isActive: boolean }>();
  readonly quotas = new Map<string, Quota>();
  nowMs = 0;
  #count = 0;

  apply(step: Event): readonly Holding[] {
    switch (step.kind) {
      case 'addAgent': {
        const id = `agent${this.#count++}`;
        const resources = Resources.parse(AGENT_TEXTS[step.pick % AGENT_TEXTS.length] as string);
        const capabilities = ['MULTI_ROLE', 'HIERARCHICAL_ROLE'];
        this.engine.addAgent({ id, hostname: id, resources, attributes: [], capabilities }, []);
        this.agents.add(id);
        break;
      }
      case 'addFramework': {
        const id = `framework${this.#count++}`;
        const roles = [ROLES[step.pick % 4] as string, ROLES[(step.pick >> 2) % 4] as string];
        const all = ['MULTI_ROLE', 'REVOCABLE_RESOURCES', 'GPU_RESOURCES'];
        const spec = {
          id,
          roles: [...new Set(roles)],
          suppressedRoles: [],
          capabilities: all.slice(0, 1 + (step.pick % 3)),
        };
        this.engine.addFramework(spec, true);
        this.frameworks.set(id, { spec, isActive: true });
        break;
      }
      case 'cycle':
        this.nowMs += step.seconds * 1000;
        return this.engine.allocate(step.cycle, this.nowMs).allocations;
      case 'return':
        this.#giveBack(step.pick, step.share, step.refuse);
        break;
      case 'quota':
        this.#setQuota(['a', 'b', 'c'][step.pick % 3] as string, step.guarantee, step.limit);
        break;
      default:
        this.#change(step.kind, step.pick);
    }
    return [];
  }

  /** Tells the engine again what it knows: whatever it concluded from trying in vain is void. */
  forgetConclusions(): void {
    for (const { spec } of this.frameworks.values()) this.engine.updateFramework(spec);
  }

  #change(kind: 'removeAgent' | 'removeFramework' | 'toggle' | 'suppress' | 'revive', chosen: number): void {
    if (kind === 'removeAgent') {
      const id = choose([...this.agents], chosen);
      if (id === undefined) return;
      this.engine.removeAgent(id);
      this.agents.delete(id);
      return;
    }
    const id = choose([...this.frameworks.keys()], chosen);
    const framework = id === undefined ? undefined : this.frameworks.get(id);
    if (id === undefined || framework === undefined) return;
    if (kind === 'removeFramework') {
      this.engine.removeFramework(id);
      this.frameworks.delete(id);
    } else if (kind === 'toggle') {
      framework.isActive = !framework.isActive;
      this.engine.setFrameworkActive(id, framework.isActive);
    } else {
      framework.spec = { ...framework.spec, suppressedRoles: kind === 'suppress' ? framework.spec.roles : [] };
      if (kind === 'suppress') this.engine.suppress(id, []);
      else this.engine.revive(id, []);
    }
  }

  #giveBack(chosen: number, share: number, refuse: number | undefined): void {
    const holding = choose([...this.engine.view.holdings()], chosen);
    if (holding === undefined) return;
    const part = holding.resources.map((each) =>
      each.value.kind === 'scalar' && each.disk === undefined
        ? { ...each, value: { kind: 'scalar' as const, milli: Math.ceil(each.value.milli * share) } }
        : each,
    );
    this.engine.recover({ ...holding, resources: part }, this.nowMs, refuse);
  }

  #setQuota(role: string, guarantee: number, limit: number): void {
    const quota = {
      guarantees: Quantities.fromNumbers({ cpus: Math.min(guarantee, limit) }),
      limits: limit > 10 ? Limits.EMPTY : Limits.fromNumbers({ cpus: limit }),
    };
    this.engine.setQuota(role, quota);
    this.quotas.set(role, quota);
  }
}

function choose<T>(list: readonly T[], chosen: number): T | undefined {
  return list.length === 0 ? undefined : list[chosen % list.length];
}

const textOf = (list: readonly Holding[]): string[] =>
  list.map((one) => `${one.frameworkId} ${one.role} ${one.agentId} ${one.resources.toText()}`);

describe('engine, over any history', () => {
  it('never gives more than an agent has, nothing twice, and nothing beyond a limit (A4, A29, A43)', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const cluster = new Cluster();
        for (const step of history) {
          const checked = { view: cluster.engine.view, agentIds: cluster.agents, quotas: cluster.quotas };
          const before = consumption(checked);
          const given = cluster.apply(step);
          expect(resourceViolations(checked)).toEqual([]);
          expect(limitViolations(checked, before, given)).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same whether or not it remembers what it has tried in vain', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const remembering = new Cluster();
        const forgetful = new Cluster();
        for (const step of history) {
          if (step.kind === 'cycle') forgetful.forgetConclusions();
          expect(textOf(remembering.apply(step))).toEqual(textOf(forgetful.apply(step)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ends where a fresh engine begins that is told what there is (snapshot)', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const old = new Cluster();
        for (const step of history) old.apply(step);
        const fresh = createEngine({ random: () => 0.5, agentOrder: 'id' });
        const held = Map.groupBy(old.engine.view.holdings(), ({ agentId }) => agentId);
        for (const { spec, isActive } of old.frameworks.values()) fresh.addFramework(spec, isActive);
        for (const id of old.agents) {
          const resources = old.engine.view.total(id) as Resources;
          fresh.addAgent({ id, hostname: id, resources, attributes: [], capabilities: [] }, held.get(id) ?? []);
          expect(fresh.view.available(id)?.toText()).toBe(old.engine.view.available(id)?.toText());
        }
        const shares = (engine: AllocationEngine): unknown[] =>
          engine.view
            .shares()
            .map(({ role, frameworkId = '', share }) => ({ role, frameworkId, share }))
            .toSorted((a, b) => (a.role + a.frameworkId < b.role + b.frameworkId ? -1 : 1));
        expect(shares(fresh)).toEqual(shares(old.engine));
      }),
      { numRuns: 100 },
    );
  });

  it('meets all guarantees in one cycle when the cluster can (A40, A42)', () => {
    const amounts = fc.record({ cpus: fc.integer({ min: 1, max: 8 }), mem: fc.integer({ min: 100, max: 4000 }) });
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 8 }),
        fc.array(fc.record({ weight: fc.nat(10), isGreedy: fc.boolean() }), { minLength: 1, maxLength: 5 }),
        (agents, roles) => {
          const engine = createEngine({ random: () => 0.5, agentOrder: 'id', minAllocatable: [] });
          agents.forEach(({ cpus, mem }, i) => {
            const resources = Resources.parse(`cpus:${cpus};mem:${mem}`);
            engine.addAgent({ id: `${i}`, hostname: '', resources, attributes: [], capabilities: ['MULTI_ROLE'] }, []);
          });
          const total = { cpus: sum(agents.map(({ cpus }) => cpus)), mem: sum(agents.map(({ mem }) => mem)) };
          const weights = sum(roles.map(({ weight }) => weight)) || 1;
          const quotas = roles.map(({ weight, isGreedy }) => ({
            guarantees: Quantities.fromNumbers({
              cpus: Math.floor((total.cpus * weight) / weights),
              mem: Math.floor((total.mem * weight) / weights),
            }),
            limits: isGreedy ? Limits.EMPTY : Limits.fromNumbers({ cpus: total.cpus, mem: total.mem }),
          }));
          quotas.forEach((quota, i) => {
            engine.setQuota(`r${i}`, quota);
            engine.addFramework(
              { id: `f${i}`, roles: [`r${i}`], suppressedRoles: [], capabilities: ['MULTI_ROLE'] },
              true,
            );
          });
          engine.allocate('batch', 0);
          const held = Map.groupBy(engine.view.holdings(), ({ role }) => role);
          quotas.forEach(({ guarantees }, i) => {
            const own = (held.get(`r${i}`) ?? []).reduce((all, { resources }) => all.plus(resources), Resources.EMPTY);
            expect(own.quantities().contains(guarantees)).toBe(true);
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});

const sum = (list: readonly number[]): number => list.reduce((all, each) => all + each, 0);
