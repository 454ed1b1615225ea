import type { OfferOperation, Resource } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import { agentOf } from '../agents/agent.js';
import { registerAgent } from '../agents/register-agent.js';
import type { Framework } from '../frameworks/framework.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { makeOffers } from '../offers/make-offers.js';
import {
  agentRecord,
  type FakeStream,
  scalar,
  type Scene,
  scene,
  subscribe,
  taskInfo,
} from '../testing/offers.fakes.js';
import { acknowledgeOperation } from './acknowledge-operation.js';
import { updateOperation } from './update-operation.js';

const CAPABILITIES = [
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'AGENT_OPERATION_FEEDBACK',
  'RESIZE_VOLUME',
];
const RESERVED = { reservations: [{ type: 'DYNAMIC' as const, role: 'web' }] };
const disk = (value: number): Resource => ({ ...scalar('disk', value), ...RESERVED });
const volume = (value: number, id = 'v'): Resource => ({
  ...disk(value),
  disk: { persistence: { id }, volume: { container_path: 'data', mode: 'RW' } },
});
const reserve = (...resources: Resource[]): OfferOperation => ({ type: 'RESERVE', reserve: { resources } });
const create = (...volumes: Resource[]): OfferOperation => ({ type: 'CREATE', create: { volumes } });
const destroy = (...volumes: Resource[]): OfferOperation => ({ type: 'DESTROY', destroy: { volumes } });

describe('operations of an ACCEPT', () => {
  let context: Scene;
  let framework: Framework;
  let stream: FakeStream;
  beforeEach(() => {
    context = scene();
    const resources = [scalar('cpus', 4), scalar('mem', 1024), scalar('disk', 100)];
    context.state.agents.set(agentOf(agentRecord({ resources, capabilities: CAPABILITIES })));
    ({ framework, stream } = subscribe(context));
  });

  const offered = (what: string | Resource[], of: Framework = framework): string => {
    const resources = typeof what === 'string' ? Resources.parse(what).toJson() : what;
    const { frameworkId } = of;
    makeOffers(context, context.expiry, [{ frameworkId, role: 'web', agentId: 'S1', resources, epoch: 'E', run: 1 }]);
    return [...context.state.offers.all()].at(-1)?.record.offerId ?? 'none';
  };
  const accept = async (offerId: string, ...operations: OfferOperation[]): Promise<void> => {
    stream.take();
    await acceptOffers(context, framework, { offer_ids: [{ value: offerId }], operations }, 'trace');
  };
  const statuses = () => stream.take().flatMap(({ update_operation_status: update }) => update?.status ?? []);
  const total = (): string => context.state.totals.of('S1').toText();
  const returned = () =>
    context.allocator.recovered.map(({ resources, refuseSeconds }) => [
      Resources.fromJson(resources).toText(),
      refuseSeconds,
    ]);

  it('uses what an earlier one made: reserves, makes a volume, and launches on it', async () => {
    const task = taskInfo('t', { resources: [scalar('cpus', 1), volume(60)] });
    const launch = { type: 'LAUNCH' as const, launch: { task_infos: [task] } };
    await accept(offered('cpus:4;disk:100'), reserve(disk(80)), create(volume(60)), launch);
    expect(context.agents.applied.map(({ info }) => info.type)).toEqual(['RESERVE', 'CREATE']);
    expect(context.agents.applied[0]).toMatchObject({
      agentId: 'S1',
      frameworkId: 'C-0000',
      traceId: 'trace',
      info: { reserve: { resources: [{ ...disk(80), allocation_info: { role: 'web' } }] } },
    });
    expect(context.agents.launched).toHaveLength(1);
    expect(total()).toBe('cpus:4; disk:20; disk(web):20; disk(web)[v]:60; mem:1024');
    expect(context.allocator.converted).toMatchObject([
      { consumed: [scalar('disk', 80)], converted: [disk(80)] },
      { consumed: [disk(60)], converted: [volume(60)] },
    ]);
    expect(returned()).toEqual([
      ['disk(web):20', undefined],
      ['cpus:3; disk:20', 5],
    ]);
  });

  it('passes a failing one over and does the rest; only who gave an id hears of it', async () => {
    const tooMuch = { ...reserve(disk(500)), id: { value: 'big' } };
    await accept(offered('disk:100'), reserve(disk(500)), tooMuch, reserve(disk(10)));
    expect(statuses()).toEqual([
      {
        operation_id: { value: 'big' },
        state: 'OPERATION_ERROR',
        message: expect.stringContaining('does not contain'),
      },
    ]);
    expect(total()).toBe('cpus:4; disk:90; disk(web):10; mem:1024');
  });

  it('leaves volumes that were grown or shrunk to a later offer', async () => {
    const all = [scalar('cpus', 4), disk(40), volume(60)];
    context.state.totals.set('S1', all);
    const grown: OfferOperation = { type: 'GROW_VOLUME', grow_volume: { volume: volume(60), addition: disk(10) } };
    const use = taskInfo('t', { resources: [scalar('cpus', 1), volume(70)] });
    await accept(offered(all), grown, {
      type: 'LAUNCH',
      launch: { task_infos: [use] },
    });
    expect(stream.take().at(-1)?.update?.status.state).toBe('TASK_ERROR');
    expect(total()).toBe('cpus:4; disk(web):30; disk(web)[v]:70');
    expect(returned()).toEqual([
      ['disk(web)[v]:70', undefined],
      ['cpus:4; disk(web):30', 5],
    ]);
  });

  it('gives back all of a shrunk volume beside disk of its kind', async () => {
    context.state.totals.set('S1', [disk(10), volume(60)]);
    const shrink: OfferOperation = {
      type: 'SHRINK_VOLUME',
      shrink_volume: { volume: volume(60), subtract: { value: 5 } },
    };
    await accept(offered([disk(10), volume(60)]), shrink);
    expect(returned()).toEqual([
      ['disk(web):5; disk(web)[v]:55', undefined],
      ['disk(web):10', 5],
    ]);
  });

  it('takes a shared volume from others who were offered it before it destroys it, unless it is in use', async () => {
    const sharing = { capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'SHARED_RESOURCES' as const }] };
    const other = subscribe(context, sharing);
    const shared = { ...volume(60), shared: {} };
    context.state.totals.set('S1', [scalar('cpus', 4), shared]);
    offered([scalar('cpus', 1), shared], other.framework);
    other.stream.take();
    const offerId = offered([scalar('cpus', 1), shared]);
    await accept(offerId, destroy(shared));
    expect(other.stream.types()).toEqual(['RESCIND']);
    expect(total()).toBe('cpus:4; disk(web):60');
  });

  it('follows the agent to the end: feedback is told, acknowledged and forgotten', async () => {
    await accept(offered('disk:100'), { ...reserve(disk(10)), id: { value: 'op' } });
    const [sent] = context.agents.applied;
    const operationUuid = sent?.operationUuid ?? '';
    expect(context.state.operations.get(operationUuid)?.record.latestStatus.state).toBe('OPERATION_PENDING');
    const uuid = { value: '2qhNAhjKTNCPEPj0zd1zAw==' };
    const status = { state: 'OPERATION_FINISHED' as const, uuid, converted_resources: [disk(10)] };
    const report = { agentId: 'S1', frameworkId: 'C-0000', operationUuid, operationId: 'op', status };
    updateOperation(context, report);
    updateOperation(context, report);
    const told = { operation_id: { value: 'op' }, state: 'OPERATION_FINISHED', uuid, agent_id: { value: 'S1' } };
    expect(statuses()).toEqual([told, told]);
    const acknowledge = { agent_id: { value: 'S1' }, operation_id: { value: 'op' }, uuid: uuid.value };
    acknowledgeOperation(context, framework, acknowledge);
    acknowledgeOperation(context, framework, acknowledge);
    const acknowledged = { agentId: 'S1', operationUuid, statusUuid: uuid.value };
    expect(context.agents.acknowledgedOperations).toEqual([acknowledged]);
    expect(context.state.operations.get(operationUuid)).toBeUndefined();
    // The agent has missed it, and says it again: the framework does not hear it twice.
    updateOperation(context, report);
    expect(statuses()).toEqual([]);
    expect(context.agents.acknowledgedOperations).toEqual([acknowledged, acknowledged]);
  });

  it('asks for the truth of an agent that could not do what is in the books', async () => {
    await accept(offered('disk:100'), reserve(disk(10)));
    const operationUuid = context.agents.applied[0]?.operationUuid ?? '';
    const status = { state: 'OPERATION_FAILED' as const, message: 'disk full' };
    updateOperation(context, { agentId: 'S1', frameworkId: 'C-0000', operationUuid, status });
    expect(context.agents.askedToRegister).toEqual(['S1']);
    expect(context.state.operations.get(operationUuid)).toBeUndefined();
  });

  it('sends again what the broker did not take', async () => {
    context.agents.delivery = 'broker-away';
    await accept(offered('disk:100'), reserve(disk(10)));
    expect(context.agents.applied).toEqual([]);
    context.agents.delivery = 'delivered';
    context.clock.advance(1_000);
    expect(context.agents.applied).toHaveLength(1);
  });

  it('lets several tasks share one copy of a volume, and tells the allocator all that is held', async () => {
    const sharing = subscribe(context, {
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'SHARED_RESOURCES' }],
    });
    const shared = { ...volume(60), shared: {} };
    context.state.totals.set('S1', [scalar('cpus', 4), shared]);
    const offerId = offered([scalar('cpus', 4), shared], sharing.framework);
    const tasks = ['a', 'b'].map((id) => taskInfo(id, { resources: [scalar('cpus', 1), shared] }));
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }];
    await acceptOffers(context, sharing.framework, { offer_ids: [{ value: offerId }], operations }, 'trace');
    expect(context.agents.launched).toHaveLength(2);
    const [usage] = context.allocator.usages;
    expect(Resources.fromJson(usage?.held[0]?.resources ?? []).toText()).toContain('<SHARED*2>');
    expect(returned()).toEqual([['cpus:2', 5]]);
  });

  it('answers for operations on void offers and on an agent that is away', async () => {
    const named = { ...reserve(disk(10)), id: { value: 'op' } };
    await accept('no-such-offer', reserve(disk(10)), named);
    const message = 'Operation attempted with invalid offers: Offer no-such-offer is no longer valid';
    expect(statuses()).toEqual([{ operation_id: { value: 'op' }, state: 'OPERATION_ERROR', message }]);
    const offerId = offered('disk:100');
    context.state.agents.set(agentOf(agentRecord({ state: 'unreachable' })));
    await accept(offerId, named);
    expect(statuses()).toMatchObject([{ state: 'OPERATION_DROPPED', message: 'Agent disconnected' }]);
    expect(context.agents.applied).toEqual([]);
  });

  it.each([
    ['acknowledged', true],
    ['told', false],
  ])(
    'is not undone by a registration from before it was done that comes after it was %s',
    async (_what, acknowledges) => {
      await accept(offered('disk:100'), { ...reserve(disk(80)), id: { value: 'o1' } });
      const operationUuid = context.agents.applied[0]?.operationUuid ?? '';
      const status = { operation_id: { value: 'o1' }, state: 'OPERATION_FINISHED' as const, uuid: { value: 'u' } };
      const report = { agentId: 'S1', frameworkId: 'C-0000', operationUuid, operationId: 'o1', status };
      updateOperation(context, report, { source: 'agent/1', sequence: 4 });
      const acknowledge = { agent_id: { value: 'S1' }, operation_id: { value: 'o1' }, uuid: 'u' };
      if (acknowledges) acknowledgeOperation(context, framework, acknowledge);
      const resources = [scalar('cpus', 4), scalar('mem', 1024), scalar('disk', 100)];
      const registration = { agent: agentRecord({ resources, capabilities: CAPABILITIES }), reregistered: true };
      const numbers = (count: number) => ({ source: 'agent/1', numbers: { 'report-operation-status.v1': count } });
      registerAgent(context, { ...registration, tasks: [], frameworks: [], sent: numbers(3) });
      expect(total()).toBe('cpus:4; disk:20; disk(web):80; mem:1024');
      // It was done before this one, so that the agent has lost it.
      registerAgent(context, { ...registration, tasks: [], frameworks: [], sent: numbers(4) });
      expect(total()).toBe('cpus:4; disk:100; mem:1024');
    },
  );
});
