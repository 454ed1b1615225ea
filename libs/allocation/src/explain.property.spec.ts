import { Limits, Quantities, Resources } from '@tranche/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AllocationEngine } from './engine.js';
import { createEngine } from './hierarchical-engine.js';

const ROLES = ['dev', 'ops', 'dev/web'] as const;
const CAPABILITIES = ['GPU_RESOURCES', 'REGION_AWARE', 'REVOCABLE_RESOURCES', 'RESERVATION_REFINEMENT'] as const;

const agentArbitrary = fc.record({
  cpus: fc.integer({ min: 0, max: 4 }),
  mem: fc.integer({ min: 0, max: 4 }),
  reservedCpus: fc.integer({ min: 0, max: 2 }),
  reservedTo: fc.constantFrom(...ROLES, 'ads'),
  gpus: fc.integer({ min: 0, max: 3 }).map((n) => (n === 3 ? 1 : 0)),
  hasPorts: fc.boolean(),
  isHierarchical: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
  isRemote: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  rack: fc.constantFrom('r1', 'r2'),
  isActive: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  usedCpus: fc.integer({ min: 0, max: 4 }),
});
type Agent = typeof agentArbitrary extends fc.Arbitrary<infer T> ? T : never;

const quotaArbitrary = fc.record({
  role: fc.constantFrom('dev', 'ops', 'gold'),
  guarantee: fc.integer({ min: 0, max: 6 }),
  limit: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
});

const worldArbitrary = fc.record({
  agents: fc.array(agentArbitrary, { minLength: 1, maxLength: 6 }),
  role: fc.constantFrom(...ROLES),
  capabilities: fc.subarray([...CAPABILITIES]),
  constraint: fc.option(fc.constantFrom('r1', 'r2'), { nil: undefined }),
  quotas: fc.uniqueArray(quotaArbitrary, { maxLength: 2, selector: ({ role }) => role }),
  /** Rounds of cycles before the question, each with how long what is offered is refused; what is not is kept. */
  rounds: fc.array(fc.array(fc.option(fc.constantFrom(1, 3, 600), { nil: undefined }), { maxLength: 6 }), {
    maxLength: 3,
  }),
  suppressed: fc.integer({ min: 0, max: 6 }).map((n) => n === 0),
});
type World = typeof worldArbitrary extends fc.Arbitrary<infer T> ? T : never;

const resourcesOf = ({ cpus, mem, reservedCpus, reservedTo, gpus, hasPorts }: Agent): Resources =>
  Resources.parse(
    [
      cpus > 0 && `cpus:${cpus}`,
      mem > 0 && `mem:${mem * 20}`,
      reservedCpus > 0 && `cpus(${reservedTo}):${reservedCpus}`,
      gpus > 0 && `gpus:${gpus}`,
      hasPorts && 'ports:[1-9]',
    ]
      .filter(Boolean)
      .join(';'),
  );

/** @returns the engine after all rounds, and the time then */
function build(world: World): { engine: AllocationEngine; nowMs: number } {
  const engine = createEngine({ random: () => 0.5, agentOrder: 'id', domain: { region: 'home', zone: 'a' } });
  for (const [index, agent] of world.agents.entries()) {
    const id = `a${index}`;
    const used = Math.min(agent.usedCpus, agent.cpus);
    engine.addAgent(
      {
        id,
        hostname: id,
        resources: resourcesOf(agent),
        attributes: [{ name: 'rack', type: 'TEXT', text: { value: agent.rack } }],
        domain: { region: agent.isRemote ? 'far' : 'home', zone: 'a' },
        capabilities: ['MULTI_ROLE', ...(agent.isHierarchical ? ['HIERARCHICAL_ROLE'] : [])],
      },
      used > 0 ? [{ frameworkId: 'other', role: 'ops', agentId: id, resources: Resources.parse(`cpus:${used}`) }] : [],
    );
    engine.setAgentActive(id, agent.isActive);
  }
  for (const { role, guarantee, limit } of world.quotas) {
    engine.setQuota(role, {
      guarantees: Quantities.parse(`cpus:${guarantee}`),
      limits: limit === undefined ? Limits.EMPTY : Limits.parse(`cpus:${Math.max(limit, guarantee)}`),
    });
  }
  const { role, constraint } = world;
  engine.addFramework(
    {
      id: 'f',
      roles: [role],
      suppressedRoles: world.suppressed ? [role] : [],
      capabilities: ['MULTI_ROLE', ...world.capabilities],
      offerConstraints:
        constraint === undefined
          ? {}
          : { [role]: [[{ selector: { attribute: 'rack' }, predicate: 'equals', operand: constraint }]] },
    },
    true,
  );
  let nowMs = 0;
  for (const refusals of world.rounds) {
    const { allocations } = engine.allocate('batch', nowMs);
    for (const [index, allocation] of allocations.entries()) {
      const refuseSeconds = refusals[index];
      if (refuseSeconds !== undefined) engine.recover(allocation, nowMs, refuseSeconds);
    }
    nowMs += 1000;
  }
  return { engine, nowMs };
}

describe('explain', () => {
  it('says that something would be offered of an agent exactly when a cycle offers it, and how much (A39 to A61)', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const { engine, nowMs } = build(world);
        const { agents } = engine.explain({ asker: { frameworkId: 'f', role: world.role }, nowMs });
        const said = agents.flatMap(({ agentId, offer }) =>
          offer === undefined ? [] : [[agentId, offer.toText()] as const],
        );
        const done = engine
          .allocate('all', nowMs)
          .allocations.map(({ agentId, resources }) => [agentId, resources.quantities().toText()] as const);
        expect(new Map(said)).toEqual(new Map(done));
      }),
      { numRuns: 1000 },
    );
  });

  it('names at least one obstacle on each agent of which nothing would be offered, and none on the others', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const { engine, nowMs } = build(world);
        const { agents, funnel, offered } = engine.explain({ asker: { frameworkId: 'f', role: world.role }, nowMs });
        for (const { blockers, offer } of agents) expect(blockers.length > 0).toBe(offer === undefined);
        const counted = funnel.reduce((sum, step) => sum + step.agents.length, 0);
        expect(counted + offered).toBe(agents.length);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing: the cycles after it are those of an engine that was never asked', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const asked = build(world);
        const left = build(world);
        const shape = { quantities: Quantities.parse('cpus:1;mem:20') };
        for (let cycle = 0, { nowMs } = asked; cycle < 4; cycle++, nowMs += 700) {
          asked.engine.explain({ asker: { frameworkId: 'f', role: world.role }, nowMs });
          asked.engine.explain({ asker: { shape, role: 'new/role' }, nowMs });
          const a = asked.engine.allocate('batch', nowMs);
          const b = left.engine.allocate('batch', nowMs);
          expect(text(a.allocations)).toEqual(text(b.allocations));
          for (const one of a.allocations) asked.engine.recover(one, nowMs, 1);
          for (const one of b.allocations) left.engine.recover(one, nowMs, 1);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const text = (list: readonly { agentId: string; resources: Resources }[]): string[] =>
  list.map(({ agentId, resources }) => `${agentId} ${resources.toText()}`);
