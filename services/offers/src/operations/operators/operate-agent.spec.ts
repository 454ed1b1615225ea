import type { OperateAnswer, YieldedResources, YieldResources } from '@tranche/contracts';
import type { OfferOperation, Resource } from '@tranche/mesos-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { agentOf } from '../../agents/agent.js';
import { makeOffers } from '../../offers/make-offers.js';
import { agentRecord, scalar, type Scene, scene, subscribe, taskInfo } from '../../testing/offers.fakes.js';
import { acceptOffers } from '../../offers/accept-offers.js';
import { updateOperation } from '../update-operation.js';
import { operateAgent } from './operate-agent.js';

const CAPABILITIES = ['HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESIZE_VOLUME'];
const reserved = (resource: Resource, principal?: string): Resource => ({
  ...resource,
  reservations: [{ type: 'DYNAMIC', role: 'ops', ...(principal === undefined ? {} : { principal }) }],
});
const disk = (value: number): Resource => reserved(scalar('disk', value));
const volume = (value: number, id = 'v'): Resource => ({
  ...disk(value),
  disk: { persistence: { id }, volume: { container_path: 'data', mode: 'RW' } },
});
const reserve = (...resources: Resource[]): OfferOperation => ({ type: 'RESERVE', reserve: { resources } });
const unreserve = (...resources: Resource[]): OfferOperation => ({ type: 'UNRESERVE', unreserve: { resources } });
const create = (...volumes: Resource[]): OfferOperation => ({ type: 'CREATE', create: { volumes } });
const destroy = (...volumes: Resource[]): OfferOperation => ({ type: 'DESTROY', destroy: { volumes } });
const grow = (by: Resource): OfferOperation => ({
  type: 'GROW_VOLUME',
  grow_volume: { volume: volume(60), addition: by },
});
const shrink = (value: number): OfferOperation => ({
  type: 'SHRINK_VOLUME',
  shrink_volume: { volume: volume(60), subtract: { value } },
});
const AGENT = 'S1 at slave(1)@127.0.0.1:5051 (a1)';

describe('operateAgent', () => {
  let context: Scene;
  let asked: YieldResources[];
  let others: YieldedResources[];
  beforeEach(() => {
    context = scene();
    asked = [];
    others = [];
    const resources = [scalar('cpus', 4), scalar('mem', 1024), scalar('disk', 100)];
    context.state.agents.set(agentOf(agentRecord({ resources, capabilities: CAPABILITIES })));
  });
  const siblings = {
    yield: async (request: YieldResources): Promise<YieldedResources[]> => {
      asked.push(request);
      return others.splice(0);
    },
  };
  const operate = (info: OfferOperation, principal?: string): Promise<OperateAnswer> =>
    operateAgent(
      { ...context, siblings, stored: () => Promise.resolve() },
      { agentId: 'S1', info, ...(principal === undefined ? {} : { principal }) },
      'a'.repeat(32),
    );
  /** What the agent reports of all that it was sent. */
  const report = async (state: 'OPERATION_FINISHED' | 'OPERATION_DROPPED', message?: string): Promise<void> => {
    await expect.poll(() => context.agents.applied.length).toBeGreaterThan(0);
    for (const { operationUuid } of context.agents.applied.splice(0)) {
      const status = { state, ...(message === undefined ? {} : { message }) };
      updateOperation(context, { agentId: 'S1', operationUuid, status });
    }
  };
  const done = async (info: OfferOperation): Promise<OperateAnswer> => {
    const answer = operate(info);
    await report('OPERATION_FINISHED');
    return answer;
  };
  const total = (): string => context.state.totals.of('S1').toText();

  it('books what the allocator has converted, sends it to the agent, and answers when the agent has done it', async () => {
    const answer = operate(reserve(reserved(scalar('cpus', 1))));
    await expect.poll(() => context.agents.applied).toHaveLength(1);
    expect(context.agents.applied).toMatchObject([
      { agentId: 'S1', info: { type: 'RESERVE', reserve: { resources: [reserved(scalar('cpus', 1))] } } },
    ]);
    expect(context.agents.applied[0]).not.toHaveProperty('frameworkId');
    expect(context.allocator.freeConversions).toEqual([
      {
        agentId: 'S1',
        partition: 0,
        consumed: [scalar('cpus', 1)],
        converted: [reserved(scalar('cpus', 1))],
      },
    ]);
    expect(context.allocator.usages).toMatchObject([{ agentId: 'S1', total: expect.any(Array) }]);
    expect(total()).toBe('cpus:3; cpus(ops):1; disk:100; mem:1024');
    await report('OPERATION_FINISHED');
    expect(await answer).toEqual({ outcome: 'accepted', operationUuid: expect.any(String) });
    expect([...context.state.operations.all()]).toEqual([]);
  });

  it('makes, grows, shrinks and destroys volumes of what is reserved', async () => {
    await done(reserve(disk(80)));
    await done(create(volume(60)));
    expect(total()).toBe('cpus:4; disk:20; disk(ops):20; disk(ops)[v]:60; mem:1024');
    await done(grow(disk(20)));
    expect(total()).toBe('cpus:4; disk:20; disk(ops)[v]:80; mem:1024');
    const shrinking: OfferOperation = {
      type: 'SHRINK_VOLUME',
      shrink_volume: { volume: volume(80), subtract: { value: 5 } },
    };
    await done(shrinking);
    expect(total()).toBe('cpus:4; disk:20; disk(ops):5; disk(ops)[v]:75; mem:1024');
    await done(destroy(volume(75)));
    await done(unreserve(disk(80)));
    expect(total()).toBe('cpus:4; disk:100; mem:1024');
  });

  it('reserves again what was reserved otherwise', async () => {
    await done(reserve(reserved(scalar('cpus', 2))));
    const labels = { labels: [{ key: 'for', value: 'db' }] };
    const other: Resource = { ...scalar('cpus', 2), reservations: [{ type: 'DYNAMIC', role: 'db', labels }] };
    const again = (to: Resource): OfferOperation => ({
      type: 'RESERVE',
      reserve: { source: [reserved(scalar('cpus', 2))], resources: [to] },
    });
    expect(await operate(again({ ...other, scalar: { value: 1 } }))).toEqual({
      outcome: 'bad-request',
      message: `Invalid RESERVE operation on agent ${AGENT}: Source and target resources should refer to identical resource quantities: cpus:2 vs. cpus:1`,
    });
    expect(await done(again(other))).toMatchObject({ outcome: 'accepted' });
    expect(total()).toBe('cpus:2; cpus(db):2; disk:100; mem:1024');
  });

  it('takes back offers that hold what is missing, here and in other partitions, and asks once more', async () => {
    const { framework, stream } = subscribe(context);
    const offer = (resources: Resource[]) =>
      makeOffers(context, context.expiry, [
        { frameworkId: framework.frameworkId, role: 'web', agentId: 'S1', resources, epoch: 'E', run: 1 },
      ]);
    offer([scalar('mem', 512)]);
    offer([scalar('cpus', 3), scalar('mem', 512)]);
    stream.take();
    context.allocator.freeAnswers.push({ outcome: 'lacking', free: [scalar('cpus', 1)] });
    others.push({ rescinded: 0, isInUse: false });
    const answer = operate(reserve(reserved(scalar('cpus', 2))));
    await expect.poll(() => context.allocator.freeConversions.length).toBe(1);
    await expect.poll(() => stream.types()).toEqual(['RESCIND']);
    expect(context.allocator.recovered).toMatchObject([
      { resources: [scalar('cpus', 3), scalar('mem', 512)], refuseSeconds: 5 },
    ]);
    expect(asked).toEqual([{ agentId: 'S1', wanted: [scalar('cpus', 1)], volumes: [] }]);
    await turn();
    context.clock.advance(25);
    await report('OPERATION_FINISHED');
    expect(await answer).toMatchObject({ outcome: 'accepted' });
    expect(context.state.offers.ofAgent('S1')).toHaveLength(1);
  });

  it('refuses with what is free when nobody can give back what is missing', async () => {
    context.allocator.freeAnswers.push({ outcome: 'lacking', free: [scalar('cpus', 3.9), scalar('mem', 4032)] });
    expect(await operate(reserve(reserved(scalar('cpus', 99_999))))).toEqual({
      outcome: 'conflict',
      message: 'cpus:3.9; mem:4032 does not contain cpus:99999',
    });
    expect(total()).toBe('cpus:4; disk:100; mem:1024');
    expect(context.agents.applied).toEqual([]);
  });

  it('gives up after half a second when others are always faster', async () => {
    const lacking = { outcome: 'lacking' as const, free: [] };
    context.allocator.freeAnswers.push(...Array.from({ length: 30 }, () => lacking));
    others.push({ rescinded: 1, isInUse: false });
    const answer = operate(reserve(reserved(scalar('cpus', 1))));
    for (let attempt = 0; attempt < 25; attempt++) {
      await turn();
      context.clock.advance(25);
    }
    expect(await answer).toMatchObject({ outcome: 'conflict', message: '{} does not contain cpus:1' });
    expect(context.allocator.freeConversions).toHaveLength(20);
  });

  it('destroys no volume that a task uses, here or in another partition', async () => {
    const { framework } = subscribe(context, {
      roles: ['ops'],
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'SHARED_RESOURCES' }],
    });
    const shared = { ...volume(60), shared: {} };
    context.state.totals.set('S1', [scalar('cpus', 4), shared]);
    const resources = [scalar('cpus', 1), shared];
    makeOffers(context, context.expiry, [
      { frameworkId: framework.frameworkId, role: 'ops', agentId: 'S1', resources, epoch: 'E', run: 1 },
    ]);
    const offerId = [...context.state.offers.all()][0]?.record.offerId ?? '';
    const launch = { type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t', { resources })] } };
    await acceptOffers(context, framework, { offer_ids: [{ value: offerId }], operations: [launch] }, 'trace');
    const inUse = { outcome: 'bad-request', message: 'Invalid DESTROY operation: Persistent volumes in use' };
    expect(await operate(destroy(shared))).toEqual(inUse);
    context.state.totals.set('S1', [scalar('cpus', 4), { ...volume(60, 'w'), shared: {} }]);
    others.push({ rescinded: 0, isInUse: true });
    expect(await operate(destroy({ ...volume(60, 'w'), shared: {} }))).toEqual(inUse);
  });

  it('says so when the agent has not done it, and asks for its truth', async () => {
    const answer = operate(reserve(reserved(scalar('cpus', 1))));
    await report('OPERATION_DROPPED', 'no room');
    expect(await answer).toMatchObject({
      outcome: 'conflict',
      message: 'The agent has not done it, OPERATION_DROPPED: no room',
    });
    expect(context.agents.askedToRegister).toEqual(['S1']);
  });

  it('does not wait longer than five seconds for the agent', async () => {
    const answer = operate(reserve(reserved(scalar('cpus', 1))));
    await expect.poll(() => context.agents.applied).toHaveLength(1);
    await turn();
    context.clock.advance(5_000);
    expect(await answer).toMatchObject({ outcome: 'accepted' });
    expect([...context.state.operations.all()]).toHaveLength(1);
  });

  it.each<[what: string, info: OfferOperation, message: string]>([
    ['nothing', reserve(), `Invalid RESERVE operation on agent ${AGENT}: Invalid resources: `],
    ['an amount below zero', reserve(reserved(scalar('cpus', -1))), 'Invalid scalar resource: value <= 0'],
    ['an amount of zero', reserve(reserved(scalar('cpus', 0))), 'Invalid RESERVE operation: no resources are named'],
    ['no reservation', reserve(scalar('cpus', 1)), 'Resource cpus:1 is not dynamically reserved'],
    [
      'something allocated',
      reserve({ ...reserved(scalar('cpus', 1)), allocation_info: { role: 'ops' } }),
      'but the operator API only allows reservations to be made to unallocated resources',
    ],
    [
      'an unreserved one to unreserve',
      unreserve(scalar('cpus', 1)),
      'Invalid UNRESERVE operation: Resource cpus:1 is not',
    ],
    ['a volume to unreserve', unreserve(volume(1)), 'Please destroy the persistent volume first'],
    ['no volume to create', create(disk(1)), `Invalid CREATE operation on agent ${AGENT}: Not a persistent volume: `],
    ['a volume that is not there', destroy(volume(1)), 'Invalid DESTROY operation: Persistent volumes not found'],
    ['no addition', grow(disk(0)), `Invalid GROW_VOLUME operation on agent ${AGENT}: The size of`],
    ['more than there is', shrink(60), "must be smaller than the size of 'ShrinkVolume.volume'"],
    ['a launch', { type: 'LAUNCH' }, 'LAUNCH is no operation on resources'],
  ])('refuses %s', async (_what, info, message) => {
    expect(await operate(info)).toEqual({ outcome: 'bad-request', message: expect.stringContaining(message) });
    expect(context.allocator.freeConversions).toEqual([]);
  });

  it('holds reservations and volumes to who asks', async () => {
    const message = expect.stringContaining("A reserve operation was attempted by authenticated principal 'me'");
    expect(await operate(reserve(reserved(scalar('cpus', 1), 'you')), 'me')).toEqual({
      outcome: 'bad-request',
      message,
    });
    expect(await operate(create(volume(1)), 'me')).toMatchObject({
      message: expect.stringContaining("Create volume operation attempted by principal 'me'"),
    });
  });

  it.each([
    ['unreachable', 'bad-request', 'No agent found with specified ID'],
    ['disconnected', 'conflict', 'Agent S1 is disconnected'],
  ] as const)('refuses an agent that is %s', async (state, outcome, message) => {
    context.state.agents.set(agentOf(agentRecord({ state })));
    expect(await operate(reserve(reserved(scalar('cpus', 1))))).toEqual({ outcome, message });
  });

  it('does nothing while the allocator does not know what is held on the agent', async () => {
    context.allocator.freeAnswers.push({ outcome: 'unknown-agent' });
    expect(await operate(reserve(reserved(scalar('cpus', 1))))).toMatchObject({ outcome: 'unavailable' });
    expect(context.allocator.usages).toEqual([]);
  });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
