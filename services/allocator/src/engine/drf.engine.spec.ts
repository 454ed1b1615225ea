import { Resources } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EngineFramework, Held } from './allocation-engine.port.js';
import { dominantShare } from './dominant-share.js';
import { DrfEngine } from './drf.engine.js';

const framework = (frameworkId: string, given: Partial<EngineFramework> = {}): EngineFramework => ({
  frameworkId,
  roles: ['*'],
  suppressedRoles: [],
  capabilities: new Set(),
  active: true,
  ...given,
});
const held = (frameworkId: string, agentId: string, text: string, role = '*'): Held => ({
  frameworkId,
  role,
  agentId,
  resources: Resources.parse(text),
});
const texts = (list: readonly Held[]): string[] =>
  list.map((one) => `${one.frameworkId} ${one.role} ${one.agentId} ${one.resources.toText()}`);

describe('DrfEngine', () => {
  let engine: DrfEngine;
  beforeEach(() => {
    engine = new DrfEngine({ allocationIntervalMs: 1_000, random: () => 0.999 });
  });
  const agent = (agentId: string, text: string): void => {
    engine.putAgent({ agentId, total: Resources.parse(text) });
    engine.setHeld(agentId, []);
  };

  it('offers nothing of an agent before it is known what is held there', () => {
    engine.putAgent({ agentId: 'a', total: Resources.parse('cpus:4;mem:1024') });
    engine.putFramework(framework('f'));
    expect(engine.allocate('all', 0)).toEqual([]);
    engine.setHeld('a', [held('g', 'a', 'cpus:3;mem:1000')]);
    expect(texts(engine.allocate('all', 0))).toEqual(['f * a cpus:1; mem:24']);
  });

  it('gives all that is free on an agent to the framework with the lowest dominant share', () => {
    agent('a', 'cpus:4;mem:1024');
    agent('b', 'cpus:4;mem:1024');
    engine.putFramework(framework('f'));
    engine.putFramework(framework('g'));
    // f gets a, its share is 4/8; so g with 0 gets b.
    expect(texts(engine.allocate('all', 0))).toEqual(['f * a cpus:4; mem:1024', 'g * b cpus:4; mem:1024']);
    expect(engine.allocate('all', 0)).toEqual([]);
  });

  it('goes by roles first, a weight dividing the share of its role', () => {
    agent('a', 'cpus:2;mem:100');
    agent('b', 'cpus:2;mem:100');
    agent('c', 'cpus:2;mem:100');
    engine.setWeight('dev', 3);
    engine.putFramework(framework('d', { roles: ['dev'] }));
    engine.putFramework(framework('p', { roles: ['prod'] }));
    // Shares after a → dev: dev (2/6)/3 = 1/9, prod 0. After b → prod: prod 1/3, dev 1/9: c → dev.
    expect(engine.allocate('all', 0).map((one) => one.role)).toEqual(['dev', 'prod', 'dev']);
    expect(engine.shares()).toMatchObject([
      { role: 'dev', weight: 3, share: 2 / 9 },
      { role: 'dev', frameworkId: 'd', share: 2 / 3 },
      { role: 'prod', share: 1 / 3 },
      { role: 'prod', frameworkId: 'p', share: 1 / 3 },
    ]);
  });

  it('does not repeat an offer that was refused until the refusal is over, but offers more than was refused', () => {
    agent('a', 'cpus:4;mem:1024');
    engine.putFramework(framework('f'));
    const [first] = engine.allocate('all', 0) as [Held];
    engine.recover(first, 10, 0);
    expect(engine.allocate('all', 9_999)).toEqual([]);
    expect(engine.allocate('all', 10_000)).toHaveLength(1);
    engine.recover(held('f', 'a', 'cpus:1;mem:24'), 10, 10_000);
    engine.recover(held('f', 'a', 'cpus:3;mem:1000'), undefined, 10_000);
    expect(texts(engine.allocate('all', 10_001))).toEqual(['f * a cpus:4; mem:1024']);
  });

  it('lets a refusal of any length last for the allocation interval, and one of zero not at all', () => {
    agent('a', 'cpus:4;mem:1024');
    engine.putFramework(framework('f'));
    const [first] = engine.allocate('all', 0) as [Held];
    engine.recover(first, 0.001, 0);
    expect(engine.allocate('all', 999)).toEqual([]);
    expect(engine.allocate('all', 1_000)).toHaveLength(1);
    engine.recover(first, 0, 1_000);
    expect(engine.allocate('all', 1_000)).toHaveLength(1);
  });

  it('takes a negative refusal for the default of 5 s', () => {
    agent('a', 'cpus:4;mem:1024');
    engine.putFramework(framework('f'));
    const [first] = engine.allocate('all', 0) as [Held];
    engine.recover(first, -1, 0);
    expect(engine.allocate('all', 4_999)).toEqual([]);
    expect(engine.allocate('all', 5_000)).toHaveLength(1);
  });

  it('clears refusals on revive, on disconnect and when a role is no longer suppressed', () => {
    agent('a', 'cpus:4;mem:1024');
    const clearings: (() => void)[] = [
      () => engine.revive('f', ['*']),
      () => {
        engine.putFramework(framework('f', { active: false }));
        engine.putFramework(framework('f'));
      },
      () => {
        engine.putFramework(framework('f', { suppressedRoles: ['*'] }));
        expect(engine.allocate('all', 0)).toEqual([]);
        engine.putFramework(framework('f'));
      },
    ];
    engine.putFramework(framework('f'));
    for (const clear of clearings) {
      const [first] = engine.allocate('all', 0) as [Held];
      engine.recover(first, 3_600, 0);
      expect(engine.allocate('all', 0)).toEqual([]);
      clear();
    }
    expect(engine.allocate('all', 0)).toHaveLength(1);
  });

  it('keeps reserved resources for their role and those below it', () => {
    agent('a', 'cpus(ads):2;cpus:1;mem:100');
    engine.putFramework(framework('f', { roles: ['web'] }));
    expect(texts(engine.allocate('all', 0))).toEqual(['f web a cpus:1; mem:100']);
    engine.putFramework(framework('g', { roles: ['ads/eu'] }));
    expect(texts(engine.allocate('all', 0))).toEqual(['g ads/eu a cpus(ads):2']);
  });

  it('hides agents with GPUs from frameworks that cannot use them', () => {
    agent('a', 'cpus:4;mem:1024;gpus:1');
    engine.putFramework(framework('f'));
    expect(engine.allocate('all', 0)).toEqual([]);
    engine.putFramework(framework('g', { capabilities: new Set(['GPU_RESOURCES']) }));
    expect(engine.allocate('all', 0)).toHaveLength(1);
  });

  it('does not offer crumbs', () => {
    agent('a', 'cpus:0.005;mem:31');
    engine.putFramework(framework('f'));
    expect(engine.allocate('all', 0)).toEqual([]);
  });

  it('forgets what a removed framework held, and everything of a removed agent', () => {
    agent('a', 'cpus:4;mem:1024');
    engine.putFramework(framework('f'));
    engine.putFramework(framework('g'));
    engine.allocate('all', 0);
    engine.removeFramework('f');
    expect(texts(engine.allocate('all', 0))).toEqual(['g * a cpus:4; mem:1024']);
    engine.removeAgent('a');
    expect([...engine.held()]).toEqual([]);
    expect(engine.shares()).toMatchObject([{ share: 0 }, { share: 0 }]);
  });

  it('runs over the chosen agents only', () => {
    agent('a', 'cpus:4;mem:1024');
    agent('b', 'cpus:4;mem:1024');
    engine.putFramework(framework('f'));
    expect(engine.allocate(new Set(['b']), 0).map((one) => one.agentId)).toEqual(['b']);
  });
});

describe('dominantShare', () => {
  it('is the largest fraction held of any one resource', () => {
    const total = new Map([
      ['cpus', 9_000],
      ['mem', 18_000],
      ['gpus', 0],
    ]);
    expect(
      dominantShare(
        new Map([
          ['cpus', 3_000],
          ['mem', 12_000],
          ['gpus', 5],
        ]),
        total,
      ),
    ).toBe(2 / 3);
    expect(dominantShare(new Map(), total)).toBe(0);
  });
});
