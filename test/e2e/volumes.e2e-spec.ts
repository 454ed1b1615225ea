import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Offer, OfferOperation, Resource, TaskInfo } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scheduler } from '../conformance/scheduler.js';
import { LocalCluster } from './local-cluster.js';

const reservations: Resource['reservations'] = [{ type: 'DYNAMIC', role: 'db', principal: 'db' }];
const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
const disk: Resource = { ...scalar('disk', 64), reservations };
const volume: Resource = {
  ...disk,
  disk: { persistence: { id: 'data', principal: 'db' }, volume: { mode: 'RW', container_path: 'data' } },
};

/** A stateful service as a framework runs it, on the whole cluster with real containers. */
describe('a persistent volume', () => {
  let cluster: LocalCluster;
  let scheduler: Scheduler;
  let frameworkId = '';
  let count = 0;

  const subscribe = async (): Promise<void> => {
    const framework_info = {
      ...{ user: 'root', name: 'db', roles: ['db'], principal: 'db', failover_timeout: 3600 },
      capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }],
      ...(frameworkId === '' ? {} : { id: { value: frameworkId } }),
    };
    const known = frameworkId === '' ? {} : { framework_id: { value: frameworkId } };
    scheduler = await Scheduler.open(cluster.url, 'JSON', {
      type: 'SUBSCRIBE',
      ...known,
      subscribe: { framework_info },
    });
    frameworkId = (await scheduler.next('SUBSCRIBED')).subscribed?.framework_id.value ?? '';
    scheduler.frameworkId = frameworkId;
  };
  const offer = async (): Promise<Offer> => {
    const [first] = (await scheduler.next('OFFERS')).offers?.offers ?? [];
    if (first === undefined) throw new Error('an event without offers');
    return first;
  };
  /** Offers without it are of the rest of the agent, while a task still has the volume: they are declined. */
  const offerOfVolume = async (): Promise<Offer> => {
    for (;;) {
      const one = await offer();
      if (volumesOf(one).length > 0) return one;
      await scheduler.call({ type: 'DECLINE', decline: { offer_ids: [one.id], filters: { refuse_seconds: 0 } } });
    }
  };
  const accept = async ({ id }: Offer, ...operations: OfferOperation[]): Promise<void> => {
    const filters = { refuse_seconds: 0 };
    const { status } = await scheduler.call({ type: 'ACCEPT', accept: { offer_ids: [id], operations, filters } });
    expect(status).toBe(202);
  };
  const launch = ({ agent_id }: Offer, command: string, ...disks: Resource[]): OfferOperation => {
    const task: TaskInfo = {
      ...{ name: 'db', task_id: { value: `task-${++count}` }, agent_id, command: { value: command } },
      resources: [scalar('cpus', 0.1), scalar('mem', 32), ...disks],
    };
    return { type: 'LAUNCH', launch: { task_infos: [task] } };
  };
  /** Acknowledges updates of the task up to its end. @returns the last one's state and message */
  const end = async (): Promise<string> => {
    for (;;) {
      const { task_id, agent_id, uuid, state, message } = await scheduler.status();
      if (agent_id !== undefined && uuid !== undefined) {
        await scheduler.call({ type: 'ACKNOWLEDGE', acknowledge: { task_id, agent_id, uuid } });
      }
      if (!['TASK_STARTING', 'TASK_RUNNING'].includes(state)) return `${state}: ${message}`;
    }
  };
  /** Acknowledges the status of an operation. @returns its id and state */
  const operationEnd = async (): Promise<string> => {
    const status = (await scheduler.next('UPDATE_OPERATION_STATUS')).update_operation_status?.status;
    const { agent_id, uuid, operation_id, state } = status ?? {};
    if (agent_id === undefined || uuid?.value === undefined || operation_id === undefined)
      throw new Error('no feedback');
    const acknowledge_operation_status = { agent_id, uuid: uuid.value, operation_id };
    await scheduler.call({ type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status });
    return `${operation_id.value}: ${state}`;
  };
  const volumesOf = ({ resources = [] }: Offer): (string | undefined)[] =>
    resources.flatMap((resource) => (resource.disk === undefined ? [] : [resource.disk.persistence?.id]));
  const folder = (): string | undefined => globSync(join(cluster.data, '**/volumes/roles/db/data'))[0];

  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1');
    await subscribe();
  });
  afterAll(async () => {
    scheduler?.leave();
    await cluster?.stop();
  });

  it('is reserved, made and written by a task in one ACCEPT', async () => {
    const first = await offer();
    await accept(
      first,
      { type: 'RESERVE', id: { value: 'reserve' }, reserve: { resources: [disk] } },
      { type: 'CREATE', id: { value: 'create' }, create: { volumes: [volume] } },
      launch(first, 'echo kept > data/file', volume),
    );
    expect([await operationEnd(), await operationEnd()]).toEqual([
      'reserve: OPERATION_FINISHED',
      'create: OPERATION_FINISHED',
    ]);
    expect(await end()).toBe('TASK_FINISHED: Command exited with status 0');
    expect(readFileSync(join(folder() ?? '', 'file'), 'utf8')).toBe('kept\n');
  });

  it('is offered again after the cluster was killed, with the data for the next task', async () => {
    scheduler.leave();
    await cluster.crash();
    await cluster.up();
    await subscribe();
    const again = await offerOfVolume();
    expect(volumesOf(again)).toEqual(['data']);
    await accept(again, launch(again, 'grep -qx kept data/file && exit 9', volume));
    expect(await end()).toBe('TASK_FAILED: Command exited with status 9');
  });

  it('is gone when it was destroyed, and its disk is everybody’s again', async () => {
    const last = await offerOfVolume();
    expect(volumesOf(last)).toEqual(['data']);
    await accept(
      last,
      { type: 'DESTROY', id: { value: 'destroy' }, destroy: { volumes: [volume] } },
      { type: 'UNRESERVE', id: { value: 'unreserve' }, unreserve: { resources: [disk] } },
    );
    expect([await operationEnd(), await operationEnd()]).toEqual([
      'destroy: OPERATION_FINISHED',
      'unreserve: OPERATION_FINISHED',
    ]);
    expect(folder()).toBeUndefined();
    const after = await offer();
    expect(volumesOf(after)).toEqual([]);
    expect((after.resources ?? []).filter(({ reservations: stack }) => stack !== undefined)).toEqual([]);
  });
});
