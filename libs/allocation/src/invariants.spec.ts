import { Limits, Quantities, Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import type { EngineView } from './engine.js';
import { limitViolations, resourceViolations } from './invariants.js';

const viewOf = (total: string, held: string, free: string): EngineView =>
  ({
    total: () => Resources.parse(total),
    available: () => Resources.parse(free),
    holdings: () => [{ frameworkId: 'f', role: 'r', agentId: 'a', resources: Resources.parse(held) }],
  }) as unknown as EngineView;

describe('invariants', () => {
  it('accept a table in which held and free make up the total', () => {
    const view = viewOf('cpus:3;ports:[1-4]', 'cpus:1;ports:[1-2]', 'cpus:2;ports:[3-4]');
    expect(resourceViolations({ view, agentIds: ['a'] })).toEqual([]);
  });

  it('name an agent that gave more than it has, or something twice', () => {
    const over = viewOf('cpus:3', 'cpus:4', '');
    expect(resourceViolations({ view: over, agentIds: ['a'] })[0]).toContain('cpus:4 is held of cpus:3');
    const twice = viewOf('cpus:3', 'cpus:2', 'cpus:2');
    expect(resourceViolations({ view: twice, agentIds: ['a'] })).toHaveLength(1);
  });

  it('name a role that a cycle has taken above its limit, reservations aside', () => {
    const quotas = new Map([['r', { guarantees: Quantities.EMPTY, limits: Limits.parse('cpus:4') }]]);
    const before = new Map([['r', Quantities.parse('cpus:3')]]);
    const given = (text: string) => [{ frameworkId: 'f', role: 'r', agentId: 'a', resources: Resources.parse(text) }];
    expect(limitViolations({ quotas }, before, given('cpus:1;cpus(r):9;mem:7'))).toEqual([]);
    expect(limitViolations({ quotas }, before, given('cpus:1.5'))).toHaveLength(1);
  });
});
