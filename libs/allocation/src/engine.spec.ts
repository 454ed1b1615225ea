import { Limits, Quantities, Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import type { AgentSpec, AllocationEngine, EngineOptions, FrameworkSpec, Holding } from './engine.js';
import { createEngine } from './hierarchical-engine.js';

const agent = (id: string, resources: string, given: Partial<AgentSpec> = {}): AgentSpec => ({
  id,
  hostname: id,
  resources: Resources.parse(resources),
  attributes: [],
  capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'],
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
const engineWith = (options: Partial<EngineOptions> = {}): AllocationEngine =>
  createEngine({ random: () => 0.5, agentOrder: 'id', ...options });
const texts = (list: readonly Holding[]): string[] =>
  list.map((one) => `${one.frameworkId} ${one.role} ${one.agentId} ${one.resources.toText()}`);

describe('AllocationEngine', () => {
  it("follows the DRF paper's example: three tasks of <1 cpu, 4 GB> and two of <3 cpus, 1 GB>, both at a share of 2/3 (A90)", () => {
    const engine = engineWith();
    engine.addAgent(agent('machine', 'cpus:9;mem:18'), []);
    const tasks = { a: Resources.parse('cpus:1;mem:4'), b: Resources.parse('cpus:3;mem:1') };
    engine.addFramework(framework('a', 'A'), true);
    engine.addFramework(framework('b', 'B'), true);
    const sequence: string[] = [];
    for (let refusals = 0, now = 0; refusals < 2; now++) {
      const offer = engine.allocate('all', now).allocations[0];
      if (offer === undefined) break;
      const task = tasks[offer.frameworkId as 'a' | 'b'];
      const fits = offer.resources.contains(task);
      const rest = fits ? offer.resources.minus(task) : offer.resources;
      engine.recover({ ...offer, resources: rest }, now, fits ? 0 : 1e6);
      if (fits) sequence.push(offer.frameworkId);
      else refusals++;
    }
    expect(sequence).toEqual(['a', 'b', 'a', 'b', 'a']);
    expect(engine.view.roleShare('A')).toBe(2 / 3);
    expect(engine.view.roleShare('B')).toBe(2 / 3);
    expect(engine.view.available('machine')?.toText()).toBe('mem:4');
  });

  it('calls for a cycle of all agents when an active framework comes, for one agent when that comes, for none when they go (A36)', () => {
    const engine = engineWith();
    expect(engine.isCycleDue).toBe(false);
    engine.addFramework(framework('f', 'r'), false);
    expect(engine.isCycleDue).toBe(false);
    engine.addAgent(agent('a', 'cpus:1;mem:100'), []);
    expect(engine.isCycleDue).toBe(true);
    engine.allocate('triggered', 0);
    expect(engine.isCycleDue).toBe(false);
    engine.setFrameworkActive('f', true);
    expect(texts(engine.allocate('triggered', 0).allocations)).toEqual(['f r a cpus:1; mem:100']);
    engine.removeAgent('a');
    engine.removeFramework('f');
    expect(engine.isCycleDue).toBe(false);
  });

  it("shares between roles by what stays free for guarantees: the rules' worked example (A40–A44)", () => {
    const engine = engineWith();
    const quota = (guarantees: string, limits = '') => ({
      guarantees: Quantities.parse(guarantees),
      limits: Limits.parse(limits),
    });
    engine.setQuota('gold', quota('cpus:4;mem:400', 'cpus:8;mem:800'));
    engine.setQuota('silver', quota('cpus:3;mem:300'));
    engine.addFramework(framework('g', 'gold'), true);
    engine.addFramework(framework('d', 'dev'), true);
    engine.addAgent(agent('a', 'cpus:10;mem:1000'), []);
    expect(texts(engine.allocate('triggered', 0).allocations)).toEqual(['g gold a cpus:7; mem:700']);
    expect(engine.view.available('a')?.toText()).toBe('cpus:3; mem:300');
    // Without silver's guarantee the rest is free, and dev has the smaller share.
    engine.setQuota('silver', undefined);
    expect(texts(engine.allocate('batch', 1).allocations)).toEqual(['d dev a cpus:3; mem:300']);
  });

  it('never shows as free what is held beyond a shrunken total (A29)', () => {
    const engine = engineWith();
    engine.addFramework(framework('f', 'r'), true);
    engine.addAgent(agent('a', 'cpus:4;mem:100'), [held('f', 'r', 'a', 'cpus:3')]);
    engine.updateAgent(agent('a', 'cpus:2;mem:100'));
    expect(engine.view.available('a')?.toText()).toBe('mem:100');
    engine.recover(held('f', 'r', 'a', 'cpus:2'), 0);
    expect(engine.view.available('a')?.toText()).toBe('cpus:1; mem:100');
  });

  it('charges usage of an unknown framework to shares when it is added, once (A34, A62)', () => {
    const engine = engineWith();
    engine.addAgent(agent('a', 'cpus:4;mem:100'), [held('late', 'r', 'a', 'cpus:1')]);
    expect(engine.view.available('a')?.toText()).toBe('cpus:3; mem:100');
    expect(engine.view.roleShare('r')).toBeUndefined();
    engine.addFramework(framework('late', 'r'), false);
    expect(engine.view.roleShare('r')).toBe(0.25);
    engine.addAgent(agent('b', 'cpus:4;mem:100'), [held('late', 'r', 'b', 'cpus:2')]);
    expect(engine.view.roleShare('r')).toBe(3 / 8);
  });

  it('keeps a framework tracked in a role that it left while it holds something there (A67)', () => {
    const engine = engineWith();
    engine.addFramework(framework('f', 'old'), true);
    engine.addAgent(agent('a', 'cpus:4;mem:100'), [held('f', 'old', 'a', 'cpus:1')]);
    engine.updateFramework(framework('f', 'new'));
    expect([engine.view.isTracked('old'), engine.view.order('old')]).toEqual([true, []]);
    engine.recover(held('f', 'old', 'a', 'cpus:1'), 0);
    expect(engine.view.isTracked('old')).toBe(false);
  });

  it('offers ports and sets as they become free', () => {
    const engine = engineWith();
    engine.addFramework(framework('f', 'r'), true);
    engine.addAgent(agent('a', 'cpus:4;mem:100;ports:[1-10];zones:{a, b}'), [
      held('g', 'r', 'a', 'cpus:1;ports:[3-4];zones:{a}'),
      held('h', 'r', 'a', 'ports:[4-6]'),
    ]);
    expect(engine.view.available('a')?.toText()).toBe('cpus:3; mem:100; ports:[1-2, 7-10]; zones:{b}');
    engine.recover(held('h', 'r', 'a', 'ports:[4-6]'), 0);
    expect(texts(engine.allocate('batch', 1).allocations)).toEqual([
      'f r a cpus:3; mem:100; ports:[1-2, 5-10]; zones:{b}',
    ]);
  });

  it('converts held resources in place, so that shares and counts stay (A27)', () => {
    const engine = engineWith();
    engine.addFramework(framework('f', 'r'), true);
    engine.addAgent(agent('a', 'cpus:4;mem:100'), []);
    engine.allocate('triggered', 0);
    const conversion = {
      agentId: 'a',
      consumed: Resources.parse('cpus:4'),
      converted: Resources.parse('cpus(r):4'),
      holder: { frameworkId: 'f', role: 'r' },
    };
    expect(engine.convert(conversion)).toBe(true);
    expect(engine.view.total('a')?.toText()).toBe('cpus(r):4; mem:100');
    expect(engine.view.roleShare('r')).toBe(1);
    expect(engine.convert(conversion)).toBe(false);
    engine.recover(held('f', 'r', 'a', 'cpus(r):4;mem:100'), 0);
    expect(engine.view.available('a')?.toText()).toBe('cpus(r):4; mem:100');
  });

  it('does not let a refusal outlive its interval, nor end before a batch cycle has seen it (A57)', () => {
    const engine = engineWith({ allocationIntervalMs: 10_000 });
    engine.addFramework(framework('f', 'r'), true);
    engine.addAgent(agent('a', 'cpus:4;mem:100'), []);
    const [offer] = engine.allocate('triggered', 0).allocations;
    engine.recover(offer as Holding, 0, 3);
    expect(engine.allocate('all', 9_999).allocations).toEqual([]);
    expect(engine.allocate('batch', 10_000).allocations).toEqual([]);
    expect(engine.allocate('all', 10_001).allocations).toHaveLength(1);
  });
});
