import { type AllocationEngine, createEngine } from '@tranche/allocation';
import { type AgentRecord, type FrameworkRecord, type HeldResources, partitionOf } from '@tranche/contracts';
import { pushReservation, Resources } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClusterRecords } from '../explain/cluster-records.js';
import { MadeAllocations } from '../runs/made-allocations.js';
import { ApplyFacts } from './apply-facts.js';

const agent = (agentId: string, given: Partial<AgentRecord> = {}): AgentRecord => ({
  agentId,
  hostname: agentId,
  ip: '127.0.0.1',
  port: 5051,
  version: '0.1.0',
  state: 'active',
  stateSinceMs: 0,
  resources: Resources.parse('cpus:4;mem:1024').toJson(),
  attributes: [],
  capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE'],
  registeredAtMs: 0,
  ...given,
});
const framework = (frameworkId: string, given: Partial<FrameworkRecord> = {}): FrameworkRecord => ({
  frameworkId,
  info: { user: 'root', name: frameworkId, capabilities: [{ type: 'MULTI_ROLE' }] },
  state: 'connected',
  active: true,
  roles: ['dev'],
  suppressedRoles: [],
  registeredAtMs: 0,
  ...given,
});
const held = (frameworkId: string, agentId: string, text: string): HeldResources => ({
  frameworkId,
  role: 'dev',
  agentId,
  resources: Resources.parse(text).toJson(),
});

describe('ApplyFacts', () => {
  let engine: AllocationEngine;
  let made: MadeAllocations;
  let apply: ApplyFacts;
  let requests: number;
  beforeEach(() => {
    engine = createEngine({ random: () => 0.5, agentOrder: 'id' });
    made = new MadeAllocations('e1');
    requests = 0;
    apply = applying(1);
  });
  const applying = (partitions: number): ApplyFacts =>
    new ApplyFacts({
      ...{ engine, made, partitions },
      runner: { requestDue: () => requests++ },
      clock: { nowMs: () => 0 },
      records: new ClusterRecords(),
    });
  const offered = (): string[] =>
    engine
      .allocate('triggered', 0)
      .allocations.map((one) => `${one.frameworkId} ${one.agentId} ${one.resources.toText()}`);

  it('converts what is free of an agent, and says what is when that is not enough', () => {
    const reserve = (amount: string) => {
      const resources = Resources.parse(amount);
      const reserved = resources.map((resource) => pushReservation(resource, { type: 'DYNAMIC', role: 'ops' }));
      const conversion = { consumed: resources.toJson(), converted: reserved.toJson() };
      return apply.convertFree({ agentId: 'a', partition: 0, ...conversion });
    };
    apply.framework(framework('f'));
    apply.agent(agent('a'));
    expect(reserve('cpus:1')).toEqual({ outcome: 'unknown-agent' });
    apply.usage({ agentId: 'a', held: [held('f', 'a', 'cpus:3')] });
    expect(reserve('cpus:2')).toEqual({ outcome: 'lacking', free: Resources.parse('cpus:1;mem:1024').toJson() });
    expect(reserve('cpus:1')).toEqual({ outcome: 'converted' });
    expect(engine.view.total('a')?.toText()).toBe('cpus:3; cpus(ops):1; mem:1024');
    expect(offered()).toEqual(['f a mem:1024']);
    // Should nobody book it, the next word on what is held there undoes it.
    apply.usage({ agentId: 'a', held: [held('f', 'a', 'cpus:3')], total: agent('a').resources });
    expect(engine.view.total('a')?.toText()).toBe('cpus:4; mem:1024');
  });

  describe('of offers in two partitions', () => {
    /** Frameworks of partition 0 and 1. */
    const [zero, one] = [0, 1].map(
      (index) => ['f', 'g', 'h', 'i', 'j'].find((id) => partitionOf(id, 2) === index) ?? '',
    );
    const change = (partition: number, minus = '', plus: Resources = Resources.EMPTY) => ({
      ...{ partition, asOfMs: 0, minus: Resources.parse(minus).toJson(), plus: plus.toJson() },
    });
    beforeEach(() => {
      apply = applying(2);
      apply.framework(framework(zero ?? ''));
      apply.framework(framework(one ?? ''));
      apply.agent(agent('a'));
    });
    const available = (): string | undefined => engine.view.available('a')?.toText();

    it('offers an agent when both have told what is held there', () => {
      apply.usage({ agentId: 'a', held: [held(zero ?? '', 'a', 'cpus:1')], change: change(0) });
      expect(offered()).toEqual([]);
      apply.usage({ agentId: 'a', held: [held(one ?? '', 'a', 'cpus:2')], change: change(1) });
      expect(offered()).toHaveLength(1);
      expect(available()).toBe('');
    });

    it('gives back between the two what the first has told', () => {
      apply.usage({ agentId: 'a', held: [held(zero ?? '', 'a', 'cpus:1')], change: change(0) });
      apply.recover(held(zero ?? '', 'a', 'cpus:1'));
      apply.usage({ agentId: 'a', held: [], change: change(1) });
      expect(available()).toBe('cpus:4; mem:1024');
    });

    it('replaces what is held by frameworks of the one that tells, with what it had not seen', () => {
      for (const index of [0, 1]) apply.usage({ agentId: 'a', held: [], change: change(index) });
      const given = [zero, one].map((frameworkId = '') => ({
        ...{ frameworkId, role: 'dev', agentId: 'a', resources: Resources.parse('cpus:1') },
      }));
      made.note(7, given, 0);
      apply.usage({
        agentId: 'a',
        held: [held(zero ?? '', 'a', 'mem:24')],
        change: change(0),
        seenEpoch: 'e1',
        seenRun: 7,
      });
      expect(available()).toBe('cpus:4; mem:1000');
      apply.usage({ agentId: 'a', held: [], change: change(1), seenEpoch: 'e1', seenRun: 6 });
      expect(available()).toBe('cpus:3; mem:1000');
    });

    it('forgets by a snapshot of one only frameworks of that one', () => {
      const asOf = { source: 's', numbers: {} };
      apply.offersSnapshot({ asOf, frameworks: [], tasks: [], offers: [], held: [] }, { index: 0, count: 2 });
      expect(engine.view.shares().map(({ frameworkId }) => frameworkId)).toEqual([undefined, one]);
    });

    it('adds up what both have changed of the total', () => {
      const reserved = (role: string, text: string): Resources =>
        Resources.parse(text).map((resource) => pushReservation(resource, { type: 'DYNAMIC', role }));
      apply.usage({ agentId: 'a', held: [], change: change(0, 'cpus:1', reserved('dev', 'cpus:1')) });
      apply.usage({ agentId: 'a', held: [], change: change(1, 'cpus:2', reserved('ops', 'cpus:2')) });
      expect(engine.view.total('a')?.toText()).toBe('cpus:1; cpus(dev):1; cpus(ops):2; mem:1024');
      apply.usage({ agentId: 'a', held: [], change: change(0) });
      expect(engine.view.total('a')?.toText()).toBe('cpus:2; cpus(ops):2; mem:1024');
    });
  });

  it('offers nothing of an agent before it is known what is held there', () => {
    apply.framework(framework('f'));
    apply.agent(agent('a'));
    expect(offered()).toEqual([]);
    apply.usage({ agentId: 'a', held: [held('g', 'a', 'cpus:3;mem:1000')] });
    expect(offered()).toEqual(['f a cpus:1; mem:24']);
    expect(requests).toBe(2);
  });

  it('adds allocations that offers had not seen to what it says is held', () => {
    apply.framework(framework('f'));
    apply.agent(agent('a'));
    made.note(7, [{ frameworkId: 'f', role: 'dev', agentId: 'a', resources: Resources.parse('cpus:4') }], 0);
    apply.usage({ agentId: 'a', held: [], seenEpoch: 'e1', seenRun: 6 });
    expect(engine.view.available('a')?.toText()).toBe('mem:1024');
  });

  it('forgets agents that are not active, and what is held there', () => {
    apply.agent(agent('a'));
    apply.usage({ agentId: 'a', held: [held('f', 'a', 'cpus:1')] });
    apply.agent(agent('a', { state: 'unreachable' }));
    expect(engine.view.total('a')).toBeUndefined();
    apply.usage({ agentId: 'a', held: [] });
    expect(engine.view.total('a')).toBeUndefined();
  });

  it('gives a framework nothing while it is disconnected, and again when it is back', () => {
    apply.framework(framework('f', { state: 'disconnected', active: false }));
    apply.agent(agent('a'));
    apply.usage({ agentId: 'a', held: [] });
    expect(offered()).toEqual([]);
    apply.framework(framework('f'));
    expect(offered()).toEqual(['f a cpus:4; mem:1024']);
    apply.framework(framework('f', { state: 'removed', active: false }));
    expect(engine.view.available('a')?.toText()).toBe('cpus:4; mem:1024');
  });

  it('passes quotas, own smallest offers and offer constraints on', () => {
    apply.role({ name: 'dev', limitsMilli: { cpus: 2500 } });
    const big = { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: 8 } } }] } };
    const info = { user: 'root', name: 'big', offer_filters: { dev: big } };
    apply.framework(framework('big', { info }));
    const rack = { selector: { attribute_name: 'rack' }, predicate: { text_equals: { value: 'r1' } } };
    const groups = [{ attribute_constraints: [rack] }];
    apply.framework(framework('picky', { offerConstraints: { role_constraints: { dev: { groups } } } }));
    const attributes = [{ name: 'rack', type: 'TEXT' as const, text: { value: 'r1' } }];
    apply.agent(agent('a', { attributes }));
    apply.agent(agent('b'));
    for (const agentId of ['a', 'b']) apply.usage({ agentId, held: [] });
    expect(offered()).toEqual(['picky a cpus:2.5; mem:1024']);
  });

  it('goes by snapshots: what they do not name is gone', () => {
    const asOf = { source: 's', numbers: {} };
    apply.role({ name: 'dev', weight: 4 });
    apply.framework(framework('old'));
    apply.agent(agent('gone'));
    apply.quotaSnapshot({ asOf, roles: [] });
    apply.registrySnapshot({ asOf, agents: [agent('a')] });
    apply.offersSnapshot({
      asOf,
      frameworks: [framework('f')],
      tasks: [],
      offers: [],
      held: [held('f', 'a', 'cpus:1')],
      reconciledAgents: ['a'],
    });
    expect(engine.view.shares()).toEqual([
      { role: 'dev', share: 0.25, weight: 1, isActive: true },
      { role: 'dev', frameworkId: 'f', share: 0.25, weight: 1, isActive: true },
    ]);
    expect(engine.view.total('gone')).toBeUndefined();
  });

  it('keeps what is held on a deactivated agent, and offers nothing of it', () => {
    apply.framework(framework('f'));
    apply.agent(agent('a'));
    apply.agentStateChanged({ agentId: 'a', state: 'deactivated', reason: 'by hand', atMs: 0 });
    apply.usage({ agentId: 'a', held: [held('g', 'a', 'cpus:1')] });
    expect(offered()).toEqual([]);
    expect(engine.view.available('a')?.toText()).toBe('cpus:3; mem:1024');
    apply.agentStateChanged({ agentId: 'a', state: 'active', reason: 'by hand', atMs: 0 });
    expect(engine.allocate('batch', 0).allocations).toHaveLength(1);
  });

  it('takes usage that comes before the first word of the registry', () => {
    apply.usage({ agentId: 'a', held: [held('g', 'a', 'cpus:1')] });
    apply.usage({ agentId: 'b', held: [] });
    apply.registrySnapshot({ asOf: { source: 's', numbers: {} }, agents: [agent('a')] });
    expect(engine.view.available('a')?.toText()).toBe('cpus:3; mem:1024');
    apply.agent(agent('b'));
    expect(engine.view.total('b')).toBeUndefined();
  });

  it('waits for most agents that were known before, if there is a quota (A80)', () => {
    const asOf = { source: 's', numbers: {} };
    apply.role({ name: 'dev', guaranteesMilli: { cpus: 1000 } });
    apply.framework(framework('f'));
    const recovered = ['a', 'b', 'c', 'd', 'e'].map((id) => agent(id, { state: 'deactivated' }));
    apply.registrySnapshot({ asOf, agents: recovered });
    const comesBack = (agentId: string): void => {
      apply.agent(agent(agentId));
      apply.usage({ agentId, held: [] });
    };
    for (const id of ['a', 'b', 'c']) comesBack(id);
    expect(engine.allocate('batch', 0).allocations).toEqual([]);
    comesBack('d');
    expect(offered()).toEqual(['f d cpus:4; mem:1024']);
    expect(engine.allocate('batch', 1000).allocations).toHaveLength(3);
  });

  it('has frameworks asked to leave an agent with a window, as long as it has one and nobody has answered', () => {
    const asked = (): string[] => engine.allocate('batch', 0).inverseOffers.map(({ agentId }) => agentId);
    const unavailability = { start: { nanoseconds: '1760000000000000000' } };
    apply.framework(framework('f'));
    apply.agent(agent('a'));
    apply.usage({ agentId: 'a', held: [held('f', 'a', 'cpus:1')] });
    expect(asked()).toEqual([]);
    apply.unavailabilityChanged({ agentId: 'a', unavailability });
    expect(asked()).toEqual(['a']);
    apply.agent(agent('a', { unavailability }));
    expect(asked()).toEqual([]);
    apply.inverseOfferAnswered({ frameworkId: 'f', agentId: 'a' });
    expect(asked()).toEqual(['a']);
    apply.inverseOfferAnswered({ frameworkId: 'f', agentId: 'a', answer: 'declined', refuseSeconds: 60 });
    expect(asked()).toEqual([]);
    apply.unavailabilityChanged({ agentId: 'a' });
    apply.agent(agent('a', { unavailability }));
    expect(asked()).toEqual(['a']);
  });
});
