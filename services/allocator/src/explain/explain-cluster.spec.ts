import { type AllocationEngine, createEngine, type Holding } from '@tranche/allocation';
import type { AgentRecord, FrameworkRecord } from '@tranche/contracts';
import type { Sight } from '@tranche/http';
import { Limits, Quantities, reservationId, Resources } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import { agentSpec, frameworkSpec } from '../sync/engine-specs.js';
import { ClusterRecords } from './cluster-records.js';
import { ExplainCluster } from './explain-cluster.js';

const NOW_MS = 1_000_000;

/** Of who may see what is of users u, and roles r and below. */
const SIGHT: Sight = {
  framework: (user) => user === 'u',
  task: () => false,
  executor: () => false,
  role: (role) => role === 'r' || role.startsWith('r/'),
  resource: () => false,
};

describe('ExplainCluster', () => {
  let engine: AllocationEngine;
  let records: ClusterRecords;
  let explain: ExplainCluster;
  beforeEach(() => {
    engine = createEngine({ random: () => 0.5, agentOrder: 'id' });
    records = new ClusterRecords();
    const runs = { lastRunMs: NOW_MS - 400, intervalMs: 1000 };
    explain = new ExplainCluster(engine, records, runs, { nowMs: () => NOW_MS });
  });

  const agent = (agentId: string, text: string, held: Holding[] = []): AgentRecord => {
    const record: AgentRecord = {
      agentId,
      hostname: `host-${agentId}`,
      ip: '127.0.0.1',
      port: 5051,
      version: '0.1.0',
      state: 'active',
      stateSinceMs: 0,
      resources: Resources.parse(text).toJson(),
      attributes: [],
      capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE'],
      registeredAtMs: 0,
    };
    records.agent(record);
    engine.addAgent(agentSpec(record), held);
    return record;
  };
  const framework = (frameworkId: string, role: string, given: Partial<FrameworkRecord> = {}): FrameworkRecord => {
    const record: FrameworkRecord = {
      frameworkId,
      info: { user: 'u', name: `name-${frameworkId}`, roles: [role], capabilities: [{ type: 'MULTI_ROLE' }] },
      state: 'connected',
      active: true,
      roles: [role],
      suppressedRoles: [],
      registeredAtMs: 0,
      ...given,
    };
    records.framework(record);
    if (record.state !== 'removed') engine.addFramework(frameworkSpec(record), record.active);
    return record;
  };
  const offered = (offerId: string, held: Holding, madeAtMs: number): void =>
    records.offersChanged({
      kind: 'made',
      offer: { offerId, ...held, resources: held.resources.toJson(), madeAtMs },
    });

  it('tells the whole story of a role at its limit', () => {
    agent('a', 'cpus:4;mem:64', [
      { frameworkId: 'f', role: 'r', agentId: 'a', resources: Resources.parse('cpus:4;mem:64') },
    ]);
    for (const id of ['b', 'c']) agent(id, 'cpus:4;mem:64');
    const record = framework('f', 'r');
    const [first, second] = engine.allocate('all', NOW_MS).allocations as [Holding, Holding];
    engine.recover(first, NOW_MS, 87);
    engine.recover(second, NOW_MS);
    offered('o1', first, NOW_MS - 252_000);
    records.offersChanged({ kind: 'ended', offerId: 'o1', outcome: 'declined' });
    engine.setQuota('r', { guarantees: Quantities.EMPTY, limits: Limits.parse('cpus:4;mem:64') });
    records.agent({ ...agent('d', 'cpus:4;mem:64'), state: 'unreachable' });
    engine.removeAgent('d');
    const view = explain.framework(record, 'r', true);
    expect(view).toMatchObject({
      frameworkName: 'name-f',
      summary: [
        'name-f, role r: no offer for 4m 12s.',
        'The quota limit of role r is reached (r cpus 4 of 4, mem 64 MiB of 64 MiB), so 2 agents were passed over.',
      ],
      agents: 4,
      offered: { agents: 0, amounts: {} },
      funnel: [
        { code: 'agent.inactive', agents: 1, left: 3, text: '1 unreachable' },
        { code: 'agent.in_use', agents: 1, left: 2, text: 'by name-f 1' },
        {
          code: 'quota.limit',
          agents: 2,
          left: 0,
          also: [{ code: 'filter.declined', agents: 1, text: 'by itself, 87 s left' }],
        },
      ],
      asOf: { run: 1, nextRunInMs: 600 },
    });
    expect(view.helps.find(({ code }) => code === 'quota.limit')).toEqual({
      code: 'quota.limit',
      text: 'raise the limit of role r',
      command: 'tranche quota set r --limit cpus=12,mem=192MiB',
      agents: 1,
      later: { agents: 2, inMs: 87_000 },
      withAllBefore: 2,
    });
    expect(view.items?.find(({ id }) => id === 'b')).toEqual({
      id: 'b',
      hostname: 'host-b',
      blockers: [
        { code: 'quota.limit', text: 'r cpus 4 of 4, mem 64 MiB of 64 MiB' },
        { code: 'filter.declined', text: 'by itself, 87 s left' },
      ],
    });
  });

  it('gives a limit in its command that is enough for what it says, and no more than that', () => {
    agent('a', 'cpus:4;mem:1536', [
      { frameworkId: 'f', role: 'r', agentId: 'a', resources: Resources.parse('cpus:3.5;mem:1024') },
    ]);
    for (const id of ['b', 'c']) agent(id, 'cpus:4.25;mem:1000');
    const record = framework('f', 'r');
    const limitTo = (limits: string): void =>
      engine.setQuota('r', { guarantees: Quantities.EMPTY, limits: Limits.parse(limits) });
    limitTo('cpus:3.5;mem:1024');
    const [help] = explain.framework(record, 'r', false).helps;
    // What it has, 3.5 cpus and 1024 MB; what is left beside it, 0.5 and 512; two agents of 4.25 and 1000.
    expect(help).toMatchObject({ command: 'tranche quota set r --limit cpus=12.5,mem=3536MiB', agents: 3 });
    limitTo('cpus:12.5;mem:3536');
    expect(explain.framework(record, 'r', false)).toMatchObject({ offered: { agents: 3 }, helps: [] });
    limitTo('cpus:12.499;mem:3536');
    expect(explain.framework(record, 'r', false).offered.amounts).toMatchObject({ cpus: 8.999 });
  });

  it('revives by name, by id where the name is not the only one, in one role where there are several', () => {
    agent('a', 'cpus:4;mem:64');
    const only = framework('f', 'r', { suppressedRoles: ['r'] });
    const commandOf = (record: FrameworkRecord): string | undefined =>
      explain.framework(record, 'r', false).helps.find(({ code }) => code === 'role.suppressed')?.command;
    expect(commandOf(only)).toBe('tranche framework revive name-f');
    const info = { user: 'u', name: 'name-f', roles: ['r', 's'], capabilities: [{ type: 'MULTI_ROLE' as const }] };
    const twin = framework('g', 'r', { info, roles: ['r', 's'], suppressedRoles: ['r'] });
    expect([commandOf(only), commandOf(twin)]).toEqual([
      'tranche framework revive f',
      'tranche framework revive g --role r',
    ]);
  });

  it('takes back what is reserved for others, as long as nobody uses it', () => {
    const reservations = [{ type: 'DYNAMIC' as const, role: 'ads' }];
    const reserved = (text: string) =>
      Resources.fromJson(
        Resources.parse(text)
          .toJson()
          .map((resource) => ({ ...resource, reservations })),
      );
    const record = { ...agent('a', 'cpus:4;mem:64'), resources: reserved('cpus:4;mem:64').toJson() };
    engine.addAgent(agentSpec(record), []);
    const asking = framework('f', 'r');
    framework('g', 'ads', { suppressedRoles: ['ads'] });
    const command = `tranche reservation rm ${reservationId('a', reservations)}`;
    const helps = () => explain.framework(asking, 'r', false).helps;
    expect(helps()).toMatchObject([{ code: 'agent.reserved', command, agents: 1 }]);
    engine.addAgent(agentSpec(record), [
      { frameworkId: 'g', role: 'ads', agentId: 'a', resources: reserved('cpus:1') },
    ]);
    expect(helps()[0]).not.toHaveProperty('command');
  });

  it('tells agents that are drained from those that are not yet, and neither from what is not known yet', () => {
    for (const id of ['a', 'b', 'c']) {
      agent(id, 'cpus:4;mem:64');
      engine.setAgentActive(id, false);
    }
    const changed = { state: 'deactivated' as const, reason: 'x', atMs: 1 };
    records.agentStateChanged({ ...changed, agentId: 'a', drain: 'draining' });
    records.agentStateChanged({ ...changed, agentId: 'b', drain: 'drained' });
    const { funnel, helps } = explain.framework(framework('f', 'r'), 'r', false);
    expect(funnel[0]?.text).toBe('1 draining, 1 drained, 1 recovering');
    expect(helps.map(({ command, text }) => command ?? text)).toEqual([
      'the agents are empty, and are activated then',
      'tranche agent activate host-b',
      'the recovery ends: wait',
    ]);
  });

  it('names every command where it takes several', () => {
    for (const id of ['a', 'b']) {
      records.agent({ ...agent(id, 'cpus:4;mem:64'), state: 'deactivated' });
      engine.setAgentActive(id, false);
    }
    expect(explain.framework(framework('f', 'r'), 'r', false).helps).toMatchObject([
      { commands: ['tranche agent activate host-a', 'tranche agent activate host-b'], agents: 2 },
    ]);
  });

  it('knows why a framework is away, and that a removed one is', () => {
    agent('a', 'cpus:4;mem:64');
    const away = framework('f', 'r', {
      state: 'disconnected',
      active: false,
      disconnectedReason: 'closed by the scheduler',
      failoverDeadlineMs: NOW_MS + 60_000,
    });
    expect(explain.framework(away, 'r', false).funnel).toMatchObject([
      { code: 'framework.disconnected', text: 'closed by the scheduler, removed in 60 s' },
    ]);
    const gone = framework('g', 'r', { state: 'removed', active: false, removedReason: 'Framework torn down' });
    expect(explain.framework(gone, 'r', false).funnel).toMatchObject([
      { code: 'framework.removed', text: 'Framework torn down' },
    ]);
  });

  it('says who holds offers, and for how long', () => {
    agent('a', 'cpus:4;mem:64');
    framework('g', 's');
    const [held] = engine.allocate('all', NOW_MS).allocations as [Holding];
    offered('o1', held, NOW_MS - 30_000);
    const record = framework('f', 'r');
    expect(explain.framework(record, 'r', false).funnel).toMatchObject([
      { code: 'agent.offered', text: 'to name-g 1, oldest for 30 s' },
    ]);
    expect(explain.agent(records.findAgent('a') as AgentRecord)).toMatchObject({
      free: {},
      inUse: [],
      offered: [{ offerId: 'o1', frameworkName: 'name-g', amounts: { cpus: 4, memBytes: 64 * 2 ** 20 } }],
    });
  });

  it('explains a shape that no agent has', () => {
    agent('a', 'cpus:4;mem:64');
    agent('b', 'cpus:2;mem:64');
    const view = explain.shape({
      shape: { quantities: Quantities.parse('cpus:64') },
      role: '*',
      withAgents: false,
    });
    expect(view).toMatchObject({
      shape: { amounts: { cpus: 64 } },
      summary: [
        'cpus 64, role *: no agent would be offered.',
        'No agent is large enough (cpus 64 asked, the largest has 4), so 2 agents were passed over.',
      ],
      largestFree: [{ name: 'cpus', amount: 4, hostname: 'host-a' }, { name: 'memBytes' }],
      totalFree: { cpus: 6 },
    });
    expect(view.items).toBeUndefined();
  });

  it('accounts for a role: quota, what counts as use, who is before it', () => {
    agent('a', 'cpus:4;mem:64;cpus(r):1', [
      { frameworkId: 'f', role: 'r', agentId: 'a', resources: Resources.parse('cpus:1') },
    ]);
    framework('f', 'r');
    framework('g', 's');
    engine.setQuota('r', { guarantees: Quantities.parse('cpus:3'), limits: Limits.parse('cpus:5') });
    expect(explain.role('r')).toMatchObject({
      share: 0.2,
      guarantee: { cpus: 3 },
      limit: { cpus: 5 },
      used: { cpus: 2 },
      counted: { reserved: { cpus: 1 }, held: { cpus: 1 }, offered: {} },
      headroom: { lacking: { cpus: 1 }, keptForOthers: [] },
      ahead: [{ role: 's', share: 0 }],
      frameworks: [{ name: 'name-f', state: 'active', held: { cpus: 1 } }],
    });
    expect(explain.role('nobody')).toBeUndefined();
  });

  const ofOther = (frameworkId: string, role: string): FrameworkRecord =>
    framework(frameworkId, role, {
      info: { user: 'other', name: `name-${frameworkId}`, roles: [role], capabilities: [{ type: 'MULTI_ROLE' }] },
    });

  it('accounts for a role without frameworks and other roles that may not be seen', () => {
    agent('a', 'cpus:4;mem:64', [{ frameworkId: 'f', role: 'r', agentId: 'a', resources: Resources.parse('cpus:1') }]);
    framework('f', 'r');
    ofOther('h', 'r');
    ofOther('g', 's');
    engine.setQuota('s', { guarantees: Quantities.parse('cpus:3'), limits: Limits.parse('cpus:4') });
    const all = explain.role('r');
    expect(all).toMatchObject({ headroom: { keptForOthers: [{ role: 's' }] }, ahead: [{ role: 's' }] });
    expect(all?.frameworks.map(({ id }) => id).toSorted()).toEqual(['f', 'h']);
    const seen = explain.role('r', SIGHT);
    expect(seen).toMatchObject({ headroom: { keptForOthers: [] }, ahead: [], frameworks: [{ id: 'f' }] });
    expect(seen?.frameworks).toHaveLength(1);
  });

  it('explains a framework without names of others that may not be seen, and counts them', () => {
    agent('a', 'cpus:4;mem:64');
    ofOther('g', 's');
    const [held] = engine.allocate('all', NOW_MS).allocations as [Holding];
    offered('o1', held, NOW_MS - 30_000);
    agent('b', 'cpus(secret):4;mem(secret):64');
    const record = framework('f', 'r');
    const names = /name-g|secret|o1/;
    expect(JSON.stringify(explain.framework(record, 'r', true))).toMatch(names);
    const seen = explain.framework(record, 'r', true, SIGHT);
    expect(JSON.stringify(seen)).not.toMatch(names);
    expect(seen.funnel.map(({ text }) => text)).toEqual([
      'to another role 1',
      'to another framework 1, oldest for 30 s',
    ]);
  });

  it('says why what is free on an agent is idle', () => {
    const record = agent('a', 'cpus:4;mem:64;cpus(r):1');
    framework('f', 'r', { suppressedRoles: ['r'] });
    expect(explain.agent(record)).toMatchObject({
      reservedFree: [{ role: 'r', amounts: { cpus: 1 } }],
      takers: [{ frameworkName: 'name-f', role: 'r', blockers: [{ code: 'role.suppressed' }] }],
    });
  });
});
