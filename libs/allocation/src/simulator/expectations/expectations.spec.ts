import { describe, expect, it } from 'vitest';
import { parseScenario } from '../parse/parse-scenario.js';
import { ScenarioRun } from '../run-scenario.js';

/** Two agents offered to f in r and s; one offer of it declined; then the expectation. */
function differencesOf(expected: object, ...more: object[]): readonly string[] {
  const steps = [
    { addFramework: { id: 'f', roles: ['r', 's'] } },
    { addAgent: { id: 'a1', resources: 'cpus(r):1;cpus(s):2;mem(s):64' } },
    { addAgent: { id: 'a2', resources: 'cpus(r):4' } },
    ...more,
    { expect: expected },
  ];
  const run = new ScenarioRun(parseScenario(JSON.stringify({ steps })));
  const last = [...run.results()].at(-1);
  return last?.kind === 'expect' ? last.differences : ['no expectation'];
}

const made = (resources: string, rest: object = {}) => ({ framework: 'f', ...rest, resources });

describe('expectations', () => {
  it('look at the last step that is no expectation', () => {
    expect(differencesOf({ offers: [made('cpus(r):4', { role: 'r', agent: 'a2' })] })).toEqual([]);
    expect(differencesOf({ offers: [made('cpus(r):4')] }, { expect: { offers: [made('cpus(r):4')] } })).toEqual([]);
  });

  it('look at several steps together, expectations not counted', () => {
    const offers = [made('cpus(r):5', { role: 'r' }), made('cpus(s):2;mem(s):64', { role: 's' })];
    expect(differencesOf({ last: 2, offers }, { expect: {} })).toEqual([]);
    expect(differencesOf({ last: 99, offers })).toEqual([]);
  });

  it('add up offers that match an entry without role or agent, in any order', () => {
    expect(differencesOf({ last: 2, offers: [made('mem(s):64;cpus(s):2;cpus(r):5')] })).toEqual([]);
    const byAgent = [made('cpus(r):4', { agent: 'a2' }), made('cpus(r):1;cpus(s):2;mem(s):64', { agent: 'a1' })];
    expect(differencesOf({ last: 2, offers: byAgent })).toEqual([]);
  });

  it('add up entries for the same framework, role and agent', () => {
    const offers = [made('cpus(r):1', { agent: 'a2' }), made('cpus(r):3', { agent: 'a2' })];
    expect(differencesOf({ offers })).toEqual([]);
  });

  it('name offers that are missing, other than expected, or not expected', () => {
    expect(differencesOf({ offers: [] })).toEqual(['offers: f in r on a2: expected nothing, found cpus(r):4']);
    expect(differencesOf({ offers: [made('cpus(r):4'), { framework: 'g', resources: 'cpus:1' }] })).toEqual([
      'offers: g: expected cpus:1, found nothing',
    ]);
    expect(differencesOf({ offers: [made('cpus(r):3', { role: 'r' })] })).toEqual([
      'offers: f in r: expected cpus(r):3, found cpus(r):4',
    ]);
    expect(differencesOf({ rescinds: [made('cpus(r):3')] })).toEqual([
      'rescinds: f: expected cpus(r):3, found nothing',
    ]);
  });

  it('name every field that is other than expected', () => {
    const expected = {
      inverseOffers: [{ framework: 'f', agent: 'a1' }],
      refused: true,
      allocated: { frameworks: { f: 'cpus:6' }, roles: { s: '' } },
      available: { a1: 'cpus:1' },
      shares: { roles: { r: 0.5, x: 0, s: null }, frameworks: { r: { f: 0.1 } } },
      order: { roles: ['r'], frameworks: { r: ['g'] } },
      offerCounts: { f: [5, 9] },
      metrics: { 'allocator/mesos/allocation_runs': 2, nonsense: 1 },
    };
    expect(differencesOf(expected)).toEqual([
      'inverseOffers: expected f for a1, found nothing',
      'refused: expected true, found false',
      'allocated.frameworks.f: expected cpus:6, found cpus:7; mem:64',
      'allocated.roles.s: expected nothing, found cpus:2; mem:64',
      'available.a1: expected cpus:1, found nothing',
      'shares.roles.r: expected 0.5, found 0.7142857142857143',
      'shares.roles.x: expected 0, found none',
      'shares.roles.s: expected none, found 1',
      'shares.frameworks.r.f: expected 0.1, found 0.7142857142857143',
      'order.roles: expected r, found r, s',
      'order.frameworks.r: expected g, found f',
      'offerCounts.f: expected 5 to 9, found 3',
      'metrics.allocator/mesos/allocation_runs: expected 2, found 3',
      'metrics.nonsense: expected 1, found none',
    ]);
  });

  it('compare figures within a millionth', () => {
    expect(differencesOf({ shares: { roles: { r: 0.7142858 } } })).toEqual([]);
    expect(differencesOf({ shares: { roles: { r: 0.714287 } } })).toHaveLength(1);
  });

  it('compare resources by key: static and dynamic reservations alike', () => {
    const dynamic = {
      ...{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 } },
      reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p' }],
    };
    expect(differencesOf({ offers: [{ framework: 'f', resources: [dynamic] }] })).toEqual([]);
  });

  it('say why a step was refused', () => {
    const refused = { setQuota: { role: 'a/b', limits: 'cpus:1' } };
    expect(differencesOf({ refused: false }, refused)).toEqual([
      'refused: expected false, found quota of nested role a/b is not supported',
    ]);
    expect(differencesOf({ refused: true, last: 2 }, refused, { allocate: {} })).toEqual([]);
  });

  it('know what is gone: an agent that left has nothing free', () => {
    const gone = { removeAgent: { id: 'a1' } };
    expect(differencesOf({ available: { a1: '' }, offers: [] }, gone)).toEqual([]);
  });
});
