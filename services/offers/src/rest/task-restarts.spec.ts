import { expect, it } from 'vitest';
import { acceptOffers } from '../offers/accept-offers.js';
import { acknowledgeUpdate } from '../tasks/acknowledge-update.js';
import { updateTask } from '../tasks/update-task.js';
import { offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { taskView } from './task-view.js';

it('tells of a task that lives how many of its name its framework has had before', async () => {
  const context = scene();
  const { framework } = subscribe(context);
  const { frameworkId } = framework;
  const launch = (taskId: string, name: string) =>
    acceptOffers(
      context,
      framework,
      {
        offer_ids: [{ value: offer(context, framework, { cpus: 0.5, mem: 32 }) }],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [taskInfo(taskId, { name })] } }],
      },
      'trace',
    );
  const end = (taskId: string): void => {
    const status = { task_id: { value: taskId }, state: 'TASK_FAILED' as const, uuid: taskId, timestamp: 5 };
    updateTask(context, { agentId: 'S1', frameworkId, taskId, traceId: '', status });
    acknowledgeUpdate(context, framework, { agent_id: { value: 'S1' }, task_id: { value: taskId }, uuid: taskId });
  };
  const restartsOf = (taskId: string): number | undefined => {
    const [task] = context.state.tasks.withId(taskId);
    return task && taskView(context.state, task).restarts;
  };
  await launch('t1', 'web');
  await launch('o1', 'other');
  expect([restartsOf('t1'), restartsOf('o1')]).toEqual([0, 0]);
  end('t1');
  await launch('t2', 'web');
  expect([restartsOf('t1'), restartsOf('t2'), restartsOf('o1')]).toEqual([undefined, 1, 0]);
  const [first] = context.state.tasks.withId('t1');
  if (first !== undefined) context.state.tasks.forget(first);
  expect(restartsOf('t2')).toBe(0);
});
