import { FakeClock, Metrics } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { removeFramework } from '../frameworks/remove-framework.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { rescindOffer } from '../offers/return-offer.js';
import { updateTask } from '../tasks/update-task.js';
import { offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { changesTo } from './changes.port.js';
import { CountedChanges } from './counted.changes.js';

it('measures a start as a whole and by its phases, once', async () => {
  const base = scene();
  const metrics = new Metrics('offers');
  const counted = new CountedChanges(metrics, base.state, new FakeClock(0));
  const context = { ...base, changes: changesTo([base.changes, counted]) };
  const { framework } = subscribe(context);
  const accept = {
    offer_ids: [{ value: offer(base, framework, { cpus: 0.5, mem: 32 }) }],
    operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } }],
  };
  await acceptOffers(context, framework, accept, 'trace');
  const { frameworkId } = framework;
  const launched = (base.state.tasks.get(frameworkId, 't1')?.record.launchedAtMs ?? 0) / 1000;
  const tell = (state: 'TASK_STARTING' | 'TASK_RUNNING', uuid: string, after: number): void => {
    const status = { task_id: { value: 't1' }, state, uuid, timestamp: launched + after };
    updateTask(context, { agentId: 'S1', frameworkId, taskId: 't1', traceId: '', status });
  };
  tell('TASK_STARTING', 'a', 0.5);
  tell('TASK_RUNNING', 'b', 2);
  tell('TASK_RUNNING', 'c', 9);
  const lines = (await metrics.render()).split('\n').filter((line) => /start_duration_seconds_(sum|count)/.test(line));
  expect(
    lines.map((line) => line.replace(/^tranche_task_start_duration_seconds_/, '').replace(',service="offers"', '')),
  ).toEqual([
    'sum{service="offers",phase="total"} 2',
    'count{service="offers",phase="total"} 1',
    'sum{service="offers",phase="queued"} 0.5',
    'count{service="offers",phase="queued"} 1',
    'sum{service="offers",phase="starting"} 1.5',
    'count{service="offers",phase="starting"} 1',
  ]);
});

it('counts offers that ended by framework, also those that end with it', async () => {
  const base = scene();
  const metrics = new Metrics('offers');
  const context = { ...base, changes: changesTo([new CountedChanges(metrics, base.state, new FakeClock(0))]) };
  const { framework } = subscribe(context, { name: 'spark' });
  const [first, second] = [offer(base, framework), offer(base, framework)];
  const left = base.state.offers.get(first);
  if (left !== undefined) rescindOffer(context, left);
  expect(base.state.offers.get(second)).toBeDefined();
  removeFramework(context, framework, 'torn down');
  const lines = (await metrics.render()).split('\n').filter((line) => line.startsWith('tranche_offers_total'));
  expect(lines).toEqual([
    'tranche_offers_total{framework="spark",outcome="rescinded",service="offers"} 1',
    expect.stringMatching(/^tranche_offers_total\{framework="spark",outcome="\w+",service="offers"\} 1$/),
  ]);
});
