import { FakeClock } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { newAgentCounters } from '../agents/agent-counters.js';
import { ClusterModel } from '../model/cluster-model.js';
import { ReadMetrics } from './read-metrics.js';

it('adds what it has dropped itself to what the others have, and takes their word for what they count', async () => {
  const model = new ClusterModel({ maxCompletedFrameworks: 1, maxCompletedTasksPerFramework: 1 });
  const others = { read: async () => ({ 'master/dropped_messages': 2, 'master/messages_kill_task': 7 }) };
  const own = { totalOf: async (name: string) => (name === 'tranche_dead_letters_total' ? 3 : Number.NaN) };
  const read = new ReadMetrics(model, newAgentCounters(), new FakeClock(0), { size: 4 }, others, own);
  const metrics = await read.read();
  expect(Object.fromEntries(metrics)).toMatchObject({
    'master/dropped_messages': 5,
    'master/messages_kill_task': 7,
    'master/messages_register_framework': 0,
    'master/operator_event_stream_subscribers': 4,
  });
  expect(metrics.map(([name]) => name)).toEqual(metrics.map(([name]) => name).toSorted());
});
