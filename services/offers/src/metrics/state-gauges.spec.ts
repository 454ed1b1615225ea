import { Metrics } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { acceptOffers } from '../offers/accept-offers.js';
import { acknowledgeUpdate } from '../tasks/acknowledge-update.js';
import { updateTask } from '../tasks/update-task.js';
import { offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { exposeState } from './state-gauges.js';

it('shows offers by framework, tasks by state, and updates until they are acknowledged', async () => {
  const context = scene();
  const { framework } = subscribe(context, { name: 'spark' });
  const metrics = new Metrics('offers');
  exposeState(metrics, context.state);
  const shown = async (name: string): Promise<string[]> =>
    (await metrics.render()).split('\n').filter((line) => line.startsWith(name));
  const held = offer(context, framework);
  const accept = {
    offer_ids: [{ value: offer(context, framework, { cpus: 0.5, mem: 32 }) }],
    operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } }],
  };
  await acceptOffers(context, framework, accept, 'trace');
  expect(context.state.offers.get(held)).toBeDefined();
  expect(await shown('tranche_offers_outstanding')).toEqual([
    'tranche_offers_outstanding{framework="spark",service="offers"} 1',
  ]);
  expect(await shown('tranche_tasks')).toEqual(['tranche_tasks{state="TASK_STAGING",service="offers"} 1']);
  expect(await shown('tranche_task_updates_un')).toEqual(['tranche_task_updates_unacknowledged{service="offers"} 0']);
  const { frameworkId } = framework;
  const status = { task_id: { value: 't1' }, state: 'TASK_RUNNING' as const, uuid: 'a', timestamp: 5 };
  updateTask(context, { agentId: 'S1', frameworkId, taskId: 't1', traceId: '', status });
  expect(await shown('tranche_tasks')).toEqual(['tranche_tasks{state="TASK_RUNNING",service="offers"} 1']);
  expect(await shown('tranche_task_updates_un')).toEqual(['tranche_task_updates_unacknowledged{service="offers"} 1']);
  acknowledgeUpdate(context, framework, { agent_id: { value: 'S1' }, task_id: { value: 't1' }, uuid: 'a' });
  expect(await shown('tranche_task_updates_un')).toEqual(['tranche_task_updates_unacknowledged{service="offers"} 0']);
});
