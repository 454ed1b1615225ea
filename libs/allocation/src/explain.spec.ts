import { Limits, Quantities, Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import type { AgentSpec, AllocationEngine, EngineOptions, FrameworkSpec, Holding } from './engine.js';
import type { Blocker, Explanation, OutstandingOffer, Shape } from './explain/explanation.js';
import { createEngine } from './hierarchical-engine.js';

const agent = (id: string, resources: string, given: Partial<AgentSpec> = {}): AgentSpec => ({
  id,
  hostname: id,
  resources: Resources.parse(resources),
  attributes: [],
  capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE'],
  ...given,
});
const framework = (id: string, role: string, given: Partial<FrameworkSpec> = {}): FrameworkSpec => ({
  id,
  roles: [role],
  suppressedRoles: [],
  capabilities: ['MULTI_ROLE', 'RESERVATION_REFINEMENT'],
  ...given,
});
const held = (frameworkId: string, role: string, agentId: string, resources: string): Holding => ({
  frameworkId,
  role,
  agentId,
  resources: Resources.parse(resources),
});
const quota = (guarantees: string, limits?: string) => ({
  guarantees: Quantities.parse(guarantees),
  limits: limits === undefined ? Limits.EMPTY : Limits.parse(limits),
});
const engineWith = (options: Partial<EngineOptions> = {}): AllocationEngine =>
  createEngine({ random: () => 0.5, agentOrder: 'id', domain: { region: 'eu', zone: 'a' }, ...options });
const rack = (value: string): AgentSpec['attributes'] => [{ name: 'rack', type: 'TEXT', text: { value } }];

/** `code agents` of each step. */
const funnel = ({ funnel: steps }: Explanation): string[] =>
  steps.map(({ code, agents, left }) => `−${agents.length} ${code} ${left}`);
const codes = ({ agents }: Explanation, id: string): string[] =>
  agents.find(({ agentId }) => agentId === id)?.blockers.map(({ code }) => code) ?? [];
const blocker = <C extends Blocker['code']>({ agents }: Explanation, code: C): Extract<Blocker, { code: C }> =>
  agents.flatMap(({ blockers }) => blockers).find((one) => one.code === code) as Extract<Blocker, { code: C }>;

describe('explaining a framework', () => {
  const ask = (engine: AllocationEngine, role = 'r', offers: OutstandingOffer[] = [], nowMs = 0): Explanation =>
    engine.explain({ asker: { frameworkId: 'f', role }, nowMs, offers });

  it('says what would be offered now', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:100'), []);
    engine.addFramework(framework('f', 'r'), true);
    const explanation = ask(engine);
    expect(explanation).toMatchObject({ offered: 1, funnel: [], helps: [], agents: [{ agentId: 'a', blockers: [] }] });
    expect(explanation.agents[0]?.offer?.toText()).toBe('cpus:4; mem:100');
  });

  it('counts every agent at what keeps the framework from everything (A63, A65, A68)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:100'), []);
    expect(funnel(ask(engine))).toEqual(['−1 framework.removed 0']);
    engine.addFramework(framework('f', 'r', { roles: ['r', 's'], suppressedRoles: ['s'] }), false);
    expect(funnel(ask(engine))).toEqual(['−1 framework.inactive 0']);
    expect(codes(ask(engine, 's'), 'a')).toEqual(['framework.inactive', 'role.suppressed']);
    expect(blocker(ask(engine, 'other'), 'role.not_subscribed').roles).toEqual(['r', 's']);
    expect(ask(engine).helps).toEqual([{ code: 'framework.inactive', agents: 1 }]);
  });

  it('counts agents that take no part, known to the engine or not (A30, A31, A80)', () => {
    const engine = engineWith({ recovery: { expectedAgents: 10, factor: 0.8, timeoutMs: 60_000 } });
    for (const id of ['a', 'b']) engine.addAgent(agent(id, 'cpus:4;mem:100'), []);
    engine.addFramework(framework('f', 'r'), true);
    engine.setAgentActive('a', false);
    const absentAgents = [{ agentId: 'c', reason: 'unreachable' }];
    const explanation = engine.explain({ asker: { frameworkId: 'f', role: 'r' }, nowMs: 0, absentAgents });
    expect(funnel(explanation)).toEqual(['−2 agent.inactive 1']);
    // Each reason ends in its own way.
    expect(explanation.helps).toEqual([
      { code: 'agent.inactive', reason: 'deactivated', agents: 2 },
      { code: 'agent.inactive', reason: 'unreachable', agents: 1 },
    ]);
    engine.setWhitelist(['a']);
    expect(ask(engine).agents.map(({ blockers }) => blockers)).toEqual([
      [{ code: 'agent.inactive', reason: 'deactivated' }],
      [{ code: 'agent.inactive', reason: 'not on the whitelist' }],
    ]);
    engine.setWhitelist(undefined);
    engine.setQuota('q', quota('cpus:1'));
    expect(blocker(ask(engine), 'agent.inactive')).toBeDefined();
    expect(ask(engine).offered).toBe(0);
  });

  it('shows the constraint that an agent does not meet, and what it has there (A54)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:100', { attributes: rack('r9') }), []);
    const constraint = { selector: { attribute: 'rack' }, predicate: 'notEquals', operand: 'r9' } as const;
    engine.addFramework(framework('f', 'r', { offerConstraints: { r: [[constraint]] } }), true);
    expect(blocker(ask(engine), 'agent.excluded').unmet).toEqual([{ constraint, has: 'r9' }]);
    expect(ask(engine).helps).toEqual([{ code: 'agent.excluded', agents: 1 }]);
  });

  it('tells what is reserved to others from what is in use, and that from what is offered (A10, A29)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus(kafka):4;mem(kafka):64'), []);
    engine.addAgent(agent('b', 'cpus:4;mem:64'), [held('g', 'r', 'b', 'cpus:4;mem:64')]);
    engine.addAgent(agent('c', 'cpus:4;mem:64'), [held('g', 'r', 'c', 'cpus:4;mem:64')]);
    engine.addAgent(agent('d', 'cpus:1;mem:64;cpus(ads):1'), [held('g', 'r', 'd', 'cpus:1;mem:64')]);
    engine.addFramework(framework('f', 'r'), true);
    const offer = { ...held('g', 'r', 'c', 'cpus:4;mem:64'), offerId: 'o1', madeAtMs: 5 };
    const explanation = ask(engine, 'r', [offer]);
    expect(funnel(explanation)).toEqual(['−2 agent.reserved 2', '−1 agent.in_use 1', '−1 agent.offered 0']);
    expect(blocker(explanation, 'agent.reserved').reservedTo.map(({ role }) => role)).toEqual(['kafka']);
    expect(codes(explanation, 'd')).toEqual(['agent.reserved', 'agent.in_use']);
    expect(blocker(explanation, 'agent.in_use').holders).toMatchObject([{ frameworkId: 'g', role: 'r' }]);
    expect(blocker(explanation, 'agent.offered').holders).toMatchObject([{ frameworkId: 'g', offerId: 'o1' }]);
    expect(explanation.helps).toEqual([
      { code: 'agent.reserved', agents: 2 },
      { code: 'agent.in_use', agents: 2, withAllBefore: 3 },
      { code: 'agent.offered', agents: 1, withAllBefore: 4 },
    ]);
  });

  it('shows what is free when it is too little to offer (A45)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), [held('g', 'r', 'a', 'cpus:3.995;mem:64')]);
    engine.addFramework(framework('f', 'r'), true);
    const { free, minimums } = blocker(ask(engine), 'agent.below_minimum');
    expect([free.toText(), ...minimums.map((minimum) => minimum.toText())]).toEqual([
      'cpus:0.005',
      'cpus:0.01',
      'mem:32',
    ]);
  });

  it('names each capability that the framework or the agent lacks (A46 to A49)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:1;mem:64;gpus:1', { domain: { region: 'us', zone: 'b' } }), []);
    engine.addAgent(agent('b', 'cpus:1;mem:64', { capabilities: [] }), []);
    engine.addFramework(framework('f', 'r/s'), true);
    const explanation = ask(engine, 'r/s');
    expect(codes(explanation, 'a')).toEqual(['capability.gpu', 'capability.region']);
    expect(codes(explanation, 'b')).toEqual(['capability.multi_role', 'capability.hierarchical_role']);
    expect(explanation.helps).toMatchObject([
      { code: 'capability.gpu', agents: 0 },
      { code: 'capability.region', agents: 0, withAllBefore: 1 },
      { code: 'capability.multi_role', agents: 0 },
      { code: 'capability.hierarchical_role', agents: 0, withAllBefore: 2 },
    ]);
  });

  it('shows what was left out because the framework cannot handle it (A48)', () => {
    const engine = engineWith();
    const revocable = Resources.fromJson([{ name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, revocable: {} }]);
    engine.addAgent({ ...agent('a', ''), resources: revocable }, []);
    engine.addFramework(framework('f', 'r'), true);
    expect(blocker(ask(engine), 'capability.stripped')).toMatchObject({ kinds: ['revocable'] });
    expect(ask(engine).helps).toEqual([{ code: 'capability.stripped', agents: 1 }]);
  });

  it('shows a limit that is reached, and other obstacles beside it (A43, A55)', () => {
    // Limit 4 cpus and 64 mem, 4 and 64 in use: nothing more, although 8 and 128 are free. One of the two was declined.
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), [held('f', 'r', 'a', 'cpus:4;mem:64')]);
    for (const id of ['b', 'c']) engine.addAgent(agent(id, 'cpus:4;mem:64'), []);
    engine.addFramework(framework('f', 'r'), true);
    const given = engine.allocate('all', 0).allocations;
    engine.recover(given[0] as Holding, 0, 87);
    engine.recover(given[1] as Holding, 0);
    engine.setQuota('r', quota('', 'cpus:4;mem:64'));
    const explanation = ask(engine);
    expect(funnel(explanation)).toEqual(['−1 agent.in_use 2', '−2 quota.limit 0']);
    expect(codes(explanation, 'b')).toEqual(['quota.limit', 'filter.declined']);
    expect(blocker(explanation, 'quota.limit')).toEqual({
      code: 'quota.limit',
      role: 'r',
      bounds: [
        { name: 'cpus', used: 4000, limit: 4000 },
        { name: 'mem', used: 64_000, limit: 64_000 },
      ],
    });
    expect(explanation.helps.slice(1)).toEqual([
      {
        ...{ code: 'quota.limit', agents: 1, later: { agents: 2, inMs: 87_000 }, withAllBefore: 2 },
        // What it has, and what it would be offered of two agents.
        limits: Limits.parse('cpus:12;mem:192'),
      },
      { code: 'filter.declined', agents: 0, withAllBefore: 3 },
    ]);
  });

  it('says that a limit leaves nothing for the agents that come after (A41)', () => {
    const engine = engineWith();
    for (const id of ['a', 'b']) engine.addAgent(agent(id, 'cpus:4'), []);
    engine.addFramework(framework('f', 'r'), true);
    engine.setQuota('r', quota('', 'cpus:4'));
    const explanation = ask(engine);
    expect(explanation.offered).toBe(1);
    expect(codes(explanation, 'b')).toEqual(['quota.limit']);
    expect(explanation.helps).toEqual([{ code: 'quota.limit', agents: 2, limits: Limits.parse('cpus:8') }]);
  });

  it('shows for whom something is kept back (A42, A44)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), []);
    engine.addFramework(framework('f', 'r'), true);
    engine.setQuota('gold', quota('cpus:4;mem:64'));
    const { lacking, available } = blocker(ask(engine), 'quota.headroom');
    expect(lacking.map(({ role, resources }) => `${role} ${resources.toText()}`)).toEqual(['gold cpus:4; mem:64']);
    expect(available.toText()).toBe('cpus:4; mem:64');
    expect(ask(engine).helps).toEqual([
      { code: 'quota.headroom', agents: 1, met: [{ role: 'gold', guarantees: Quantities.EMPTY }] },
    ]);
  });

  it('says to what a guarantee would have to be lowered, and that is enough', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), [held('g', 'gold', 'a', 'cpus:1;mem:16')]);
    engine.addFramework(framework('f', 'r'), true);
    engine.addFramework(framework('g', 'gold', { suppressedRoles: ['gold'] }), true);
    engine.setQuota('gold', quota('cpus:4;mem:64'));
    const [help] = ask(engine).helps.filter(({ code }) => code === 'quota.headroom');
    expect(help?.met?.map(({ role, guarantees }) => `${role} ${guarantees.toText()}`)).toEqual(['gold cpus:1; mem:16']);
    engine.setQuota('gold', quota('cpus:1;mem:16'));
    expect(ask(engine)).toMatchObject({ offered: help?.agents, helps: [] });
  });

  it('counts what a revival gives, which ends refusals and suppression (A64)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), []);
    engine.addFramework(framework('f', 'r'), true);
    engine.recover(engine.allocate('batch', 0).allocations[0] as Holding, 0, 100);
    engine.suppress('f', ['r']);
    expect(codes(ask(engine, 'r', [], 10), 'a')).toEqual(['role.suppressed', 'filter.declined']);
    expect(ask(engine, 'r', [], 10).helps).toEqual([{ code: 'role.suppressed', agents: 1 }]);
    engine.revive('f', ['r']);
    expect(ask(engine, 'r', [], 10).offered).toBe(1);
  });

  it('says how long a refusal still lasts, and nothing once it has ended (A55 to A57)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), []);
    engine.addFramework(framework('f', 'r'), true);
    engine.recover(engine.allocate('batch', 0).allocations[0] as Holding, 0, 10);
    engine.allocate('batch', 1000);
    expect(blocker(ask(engine, 'r', [], 4000), 'filter.declined')).toMatchObject({ endsInMs: 6000 });
    expect(ask(engine, 'r', [], 10_000).offered).toBe(1);
  });

  it('names who is before it in the order and would take what is free (A19, A50)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), []);
    engine.addAgent(agent('b', 'cpus:4;mem:64'), [held('f', 'r', 'b', 'cpus:4;mem:64')]);
    engine.addFramework(framework('f', 'r'), true);
    engine.addFramework(framework('g', 's'), true);
    const explanation = ask(engine);
    expect(funnel(explanation)).toEqual(['−1 agent.in_use 1', '−1 order.share 0']);
    expect(blocker(explanation, 'order.share').ahead).toEqual([{ frameworkId: 'g', role: 's', share: 0 }]);
    // Nobody's share is less than nothing: no weight would do.
    expect(explanation.helps[1]).toEqual({ code: 'order.share', agents: 1, withAllBefore: 2 });
  });

  it('says which weight would put the role first, and that is enough', () => {
    const engine = engineWith();
    // 8 cpus in all: f has 3 of them, a share of 0.375; g has 1, a share of 0.125. From three times the weight on, f is not behind.
    engine.addAgent(agent('a', 'cpus:4;mem:64'), [
      held('f', 'r', 'a', 'cpus:3;mem:1'),
      held('g', 's', 'a', 'cpus:1;mem:1'),
    ]);
    engine.addAgent(agent('b', 'cpus:4;mem:64'), []);
    engine.addFramework(framework('f', 'r'), true);
    engine.addFramework(framework('g', 's'), true);
    const help = ask(engine).helps.find(({ code }) => code === 'order.share');
    expect(help).toMatchObject({ weight: 3.01 });
    engine.setWeight('r', 3.01);
    expect(ask(engine)).toMatchObject({ offered: help?.agents });
    expect(ask(engine).helps.map(({ code }) => code)).not.toContain('order.share');
  });
});

describe('explaining a shape', () => {
  const ask = (engine: AllocationEngine, shape: Shape, role = '*'): Explanation =>
    engine.explain({ asker: { shape, role }, nowMs: 0 });
  const cpus = (count: number): Shape => ({ quantities: Quantities.parse(`cpus:${count}`) });

  it('finds agents that have it free', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), []);
    engine.addAgent(agent('b', 'cpus:1;mem:64'), []);
    expect(ask(engine, cpus(2))).toMatchObject({ offered: 1, agents: [{ agentId: 'a' }, { agentId: 'b' }] });
  });

  it('says that no agent is large enough, which is the largest, and what there is in all', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), []);
    engine.addAgent(agent('b', 'cpus:8;mem:32'), [held('g', 'r', 'b', 'cpus:1')]);
    const explanation = ask(engine, cpus(64));
    expect(funnel(explanation)).toEqual(['−2 shape.too_big 0']);
    expect(blocker(explanation, 'shape.too_big').short).toEqual([{ name: 'cpus', asked: 64_000, has: 4000 }]);
    expect(explanation.largestFree).toEqual([
      { name: 'cpus', milli: 7000, agentId: 'b' },
      { name: 'mem', milli: 64_000, agentId: 'a' },
    ]);
    expect(explanation.totalFree.toText()).toBe('cpus:11; mem:96');
  });

  it('tells what is in use from what the agent does not have', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), [held('g', 'r', 'a', 'cpus:3')]);
    expect(codes(ask(engine, cpus(2)), 'a')).toEqual(['agent.in_use']);
    expect(codes(ask(engine, cpus(5)), 'a')).toEqual(['shape.too_big']);
  });

  it('shows attributes and ports that an agent does not have', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64;ports:[31000-31009]', { attributes: rack('r1') }), []);
    const shape = { ...cpus(1), attributes: { rack: 'r2', hostname: 'a' }, ports: [{ begin: 80, end: 80 }] };
    const explanation = ask(engine, shape);
    expect(codes(explanation, 'a')).toEqual(['shape.attribute', 'shape.ports']);
    expect(blocker(explanation, 'shape.attribute').unmet).toEqual([{ name: 'rack', asked: 'r2', has: 'r1' }]);
    expect(blocker(explanation, 'shape.ports').free).toBe('[31000-31009]');
    expect(ask(engine, { ...shape, attributes: { rack: 'r1' }, ports: [{ begin: 31_005, end: 31_006 }] }).offered).toBe(
      1,
    );
  });

  it('takes the limit of its role into account, also when nobody is in it yet (A43)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:64'), []);
    engine.setQuota('small', quota('', 'cpus:1'));
    expect(codes(ask(engine, cpus(2), 'small'), 'a')).toEqual(['quota.limit']);
    expect(ask(engine, cpus(1), 'small').offered).toBe(1);
    expect(ask(engine, cpus(2), 'never/seen').offered).toBe(1);
  });
});
