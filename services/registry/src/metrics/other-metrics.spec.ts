import type { MesosMetrics, QueryContract } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { OtherMetrics } from './other-metrics.js';

/** Services by their queues; any other is away. */
const bus = (answers: Readonly<Record<string, MesosMetrics>>) => ({
  ask: async <Q, R>(_contract: QueryContract<Q, R>, queue: string): Promise<R> => {
    const answer = answers[queue];
    if (answer === undefined) throw new Error(`${queue} is away`);
    return answer as R;
  },
});

describe('OtherMetrics', () => {
  it('adds up what partitions count, beside what the allocator does', async () => {
    const answers = {
      allocator: { metrics: { 'allocator/mesos/allocation_runs': 7 } },
      offers: { metrics: { 'master/messages_kill_task': 1 } },
      'offers.1': { metrics: { 'master/messages_kill_task': 2 } },
    };
    expect(await new OtherMetrics(bus(answers), { offers: 2 }).read()).toEqual({
      'allocator/mesos/allocation_runs': 7,
      'master/messages_kill_task': 3,
    });
  });

  it('leaves out what is away', async () => {
    expect(await new OtherMetrics(bus({ offers: { metrics: { a: 1 } } })).read()).toEqual({ a: 1 });
  });
});
