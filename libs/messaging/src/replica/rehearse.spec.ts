import { AgentHeartbeatV1, queueOf } from '@tranche/contracts';
import { silentLogger } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { UnroutableError } from '../messaging.errors.js';
import { type Rehearsed, rehearse } from './rehearse.js';

const options = { hasBegun: () => false, logger: silentLogger, afterMs: 0 };
const app: Rehearsed['app'] = { getHttpAdapter: () => ({ getInstance: () => ({ ready: async () => undefined }) }) };

it('starts and ends the service once on a host that reaches nobody and may write nothing', async () => {
  const seen: unknown[] = [];
  await rehearse(
    'registry',
    async (host) => {
      const { service, bus } = host;
      seen.push(service, await host.mayWrite?.());
      await bus.send(AgentHeartbeatV1, queueOf('registry'), []);
      await expect(bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }])).rejects.toThrow(
        UnroutableError,
      );
      return { app, stop: async () => void seen.push('stopped') };
    },
    options,
  );
  expect(seen).toEqual(['registry', false, 'stopped']);
});

it('leaves it when a life has begun', async () => {
  const start = (): never => {
    throw new Error('was started');
  };
  await rehearse('registry', start, { ...options, hasBegun: () => true });
});

it('is over when the service cannot be started', async () => {
  await rehearse('registry', () => Promise.reject(new Error('no database')), options);
});
