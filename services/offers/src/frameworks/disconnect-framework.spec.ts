import { describe, expect, it } from 'vitest';
import { acceptOffers } from '../offers/accept-offers.js';
import { FakeStream, offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { disconnectFramework } from './disconnect-framework.js';

describe('disconnectFramework', () => {
  it('withdraws the offers and removes the framework at its failover deadline', () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    offer(context, framework);
    disconnectFramework(context, framework, stream, 'closed by the scheduler');
    expect(context.state.offers.size).toBe(0);
    expect(framework.record.state).toBe('disconnected');
    context.clock.advance(9_999);
    expect(framework.record.state).toBe('disconnected');
    context.clock.advance(1);
    expect(framework.record).toMatchObject({ state: 'removed', removedReason: 'failover timeout of 10 s passed' });
  });

  it('removes a framework without a failover timeout at once, with its tasks', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context, { failover_timeout: 0 });
    const launch = { type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } };
    const accept = { offer_ids: [{ value: offer(context, framework) }], operations: [launch] };
    await acceptOffers(context, framework, accept, 'trace');
    stream.take();
    disconnectFramework(context, framework, stream, 'closed');
    expect(context.state.frameworks.get('C-0000')).toBeUndefined();
    expect(context.agents.shutDown).toEqual([{ frameworkId: 'C-0000' }]);
    const [task] = context.state.tasks.completedOf('C-0000');
    expect(task?.record.statuses.at(-1)).toMatchObject({
      state: 'TASK_KILLED',
      source: 'SOURCE_MASTER',
      reason: 'REASON_FRAMEWORK_REMOVED',
      message: 'Framework C-0000 removed',
    });
    expect(stream.take()).toEqual([]);
  });

  it('ignores the end of a stream that was replaced', () => {
    const context = scene();
    const { framework } = subscribe(context);
    disconnectFramework(context, framework, new FakeStream('older'), 'closed');
    expect(framework.record.state).toBe('connected');
  });
});
