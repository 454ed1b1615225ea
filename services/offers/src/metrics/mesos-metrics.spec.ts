import { Metrics } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { acceptOffers } from '../offers/accept-offers.js';
import { rescindOffer } from '../offers/return-offer.js';
import { CallMetrics } from '../scheduler-api/call-metrics.js';
import { changesTo } from '../changes/changes.port.js';
import { offer, scalar, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { MesosCounts } from './mesos-counts.js';
import { mesosMetrics } from './mesos-metrics.js';

describe('mesosMetrics', () => {
  it('counts calls, events, offers and operations of each framework, and of all', async () => {
    const counts = new MesosCounts();
    const base = scene();
    const context = { ...base, changes: changesTo([base.changes, counts]) };
    const { framework } = subscribe(context, {
      name: 'a b',
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
    });
    const { frameworkId } = framework;
    const event = counts.eventCounter();
    event({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: frameworkId }, heartbeat_interval_seconds: 15 } });
    event({ type: 'HEARTBEAT' });
    const [first, second] = [offer(base, framework), offer(base, framework)];
    event({ type: 'OFFERS', offers: { offers: [first, second].map(() => ({}) as never) } });
    counts.called(frameworkId, { type: 'KILL' }, { kind: 'accepted' });
    const reserve = {
      type: 'RESERVE' as const,
      reserve: { resources: [{ ...scalar('cpus', 1), reservations: [{ type: 'DYNAMIC' as const, role: 'web' }] }] },
    };
    await acceptOffers(context, framework, { offer_ids: [{ value: first }], operations: [reserve] }, 'trace');
    const left = context.state.offers.get(second);
    if (left !== undefined) rescindOffer(context, left);

    const metrics = mesosMetrics(counts, context.state);
    expect(metrics).toMatchObject({
      'master/messages_kill_task': 1,
      'master/operations/pending': 1,
      'master/operations/total': 1,
      'master/operations/reserve/pending': 1,
      'master/operations/create/total': 0,
    });
    const prefix = `master/frameworks/a%20b/${frameworkId}`;
    expect(
      Object.fromEntries(
        ['subscribed', 'calls', 'calls/kill', 'calls/subscribe', 'events', 'events/offers'].map((name) => [
          name,
          metrics[`${prefix}/${name}`],
        ]),
      ),
    ).toEqual({ subscribed: 1, calls: 2, 'calls/kill': 1, 'calls/subscribe': 1, events: 3, 'events/offers': 1 });
    expect(['sent', 'accepted', 'declined', 'rescinded'].map((end) => metrics[`${prefix}/offers/${end}`])).toEqual([
      2, 1, 0, 1,
    ]);
    expect([metrics[`${prefix}/operations/reserve`], metrics[`${prefix}/roles/web/suppressed`]]).toEqual([1, 0]);
  });

  it('counts subscriptions, launches and messages of agents as Mesos does, and what of them names nothing', () => {
    const counts = new MesosCounts();
    const calls = new CallMetrics(new Metrics('offers'), counts);
    const { framework } = subscribe(scene());
    for (const id of [undefined, { value: '' }, { value: 'F' }]) calls.subscribing(id === undefined ? {} : { id });
    const task_infos = [taskInfo('t1'), taskInfo('t2')];
    const operations = [task_infos, []].map((infos) => ({ type: 'LAUNCH' as const, launch: { task_infos: infos } }));
    calls.called(framework, { type: 'ACCEPT', accept: { operations } }, { kind: 'accepted' });
    calls.called(framework, { type: 'DECLINE' }, { kind: 'accepted' });
    calls.called(framework, { type: 'ACKNOWLEDGE' }, { kind: 'accepted' });
    calls.called(framework, { type: 'ACKNOWLEDGE' }, { kind: 'accepted', isDropped: true });
    calls.called(framework, { type: 'MESSAGE' }, { kind: 'accepted', isDropped: true });
    calls.called(framework, { type: 'TEARDOWN' }, { kind: 'accepted' });
    calls.refused('ACKNOWLEDGE');
    calls.refused('KILL');
    calls.refused(undefined);
    counts.told('status_update');
    counts.told('status_update', false);
    counts.told('operation_status_update', false);
    counts.told('executor_to_framework');
    counts.told('exited_executor');
    const metrics = mesosMetrics(counts, scene().state);
    const told = (name: string): number[] =>
      ['messages_', 'valid_', 'invalid_'].map((kind) => {
        const plural = kind === 'messages_' ? name : `${name.replace(/(executor|framework)$/, '$1_message')}s`;
        return metrics[`master/${kind}${plural}`] ?? 0;
      });
    const names = ['register_framework', 'reregister_framework', 'launch_tasks', 'decline_offers', 'exited_executor'];
    expect(names.map((name) => metrics[`master/messages_${name}`])).toEqual([2, 1, 1, 2, 1]);
    expect(told('status_update_acknowledgement')).toEqual([2, 1, 2]);
    expect(told('framework_to_executor')).toEqual([1, 0, 1]);
    expect(told('executor_to_framework')).toEqual([1, 1, 0]);
    expect(told('status_update')).toEqual([2, 1, 1]);
    expect(told('operation_status_update')).toEqual([1, 0, 1]);
    expect(metrics).not.toHaveProperty('master/messages_unregister_framework');
  });

  it('forgets frameworks that were removed long ago', () => {
    const counts = new MesosCounts();
    const record = { info: { name: 'f', user: 'u' }, active: false, roles: [], suppressedRoles: [], registeredAtMs: 0 };
    for (let n = 0; n < 60; n++) counts.framework({ ...record, frameworkId: `F${n}`, state: 'removed' });
    expect([...counts.frameworks.keys()].at(0)).toBe('F10');
  });
});
