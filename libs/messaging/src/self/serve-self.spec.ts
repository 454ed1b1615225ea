import { DescribeServiceV1, ReadLogV1, ReadMetricsV1, ReadSettingsV1 } from '@tranche/contracts';
import { silentLogger } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { InProcessBroker } from '../in-process/in-process-broker.js';
import { serveSelf } from './serve-self.js';
import { inProcessHost } from '../service-host.js';

it('answers what a part of the mesh is, in the form of the contracts', async () => {
  const host = inProcessHost({ service: 'quota', broker: new InProcessBroker(), logger: silentLogger });
  const handlers = new Map<string, (request: never, context: never) => Promise<unknown>>();
  const strategy = { addHandler: (pattern: string, handler: never) => void handlers.set(pattern, handler) };
  const self = {
    settings: [],
    readiness: async () => ({ database: 'refused', registry: { usable: 'silent' } }) as const,
  };
  serveSelf(strategy, { host, self, role: () => ({ role: 'active', partitions: [1] }) });
  const answer = async (pattern: string): Promise<unknown> => {
    // As it comes over a wire.
    return JSON.parse(JSON.stringify(await handlers.get(pattern)?.({} as never, {} as never)));
  };
  host.logger.warn('odd', { agentId: 'S0' });
  expect(DescribeServiceV1.parseResponse(await answer(DescribeServiceV1.pattern))).toMatchObject({
    ...{ service: 'quota', replica: host.replica, role: 'active', partitions: [1], ready: false },
    dependencies: { database: 'refused', registry: 'usable: silent' },
  });
  expect(ReadSettingsV1.parseResponse(await answer(ReadSettingsV1.pattern))).toEqual({ settings: [] });
  expect(ReadMetricsV1.parseResponse(await answer(ReadMetricsV1.pattern)).text).toContain('tranche_dead_letters_total');
  const { lines } = ReadLogV1.parseResponse(await answer(ReadLogV1.pattern));
  expect(lines).toMatchObject([{ number: 1, level: 'warn', message: 'odd', fields: '{"agentId":"S0"}' }]);
});

it('tells how much waits in queues that exist', async () => {
  const broker = new InProcessBroker();
  const host = inProcessHost({ service: 'quota', broker, logger: silentLogger });
  await host.bus.declareQueue('offers');
  expect(await host.queueDepths(['offers', 'nobody'])).toEqual([{ name: 'offers', messages: 0, consumers: 0 }]);
});
