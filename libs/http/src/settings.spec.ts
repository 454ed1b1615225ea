import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Setting } from '@tranche/config';
import { Metrics, silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from './create-http-app.js';
import { selfOf } from './service-self.js';

@Module({})
class EmptyModule {}

const setting = (name: string): Setting => ({
  ...{ name, value: 1, origin: 'default', default: 1, type: 'integer', description: name },
});

describe('GET /v1/settings', () => {
  let app: NestFastifyApplication;
  beforeEach(async () => {
    app = await createHttpApp(EmptyModule, {
      ...{ service: 'registry', logger: silentLogger, metrics: new Metrics('registry'), paths: 'cluster' },
      settings: [setting('OWN')],
      settingsOf: async (id) => (id === 'offers.1' ? [setting('OTHER')] : undefined),
      readiness: async () => ({ database: true, registry: { usable: 'silent' } }),
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterEach(() => app.close());
  const names = async (query = ''): Promise<string[]> => {
    const answer = await app.inject(`/v1/settings${query}`);
    return answer.json<{ items: Setting[] }>().items.map(({ name }) => name);
  };

  it('shows its own, and those of another part of the cluster that it can ask', async () => {
    expect(await names()).toEqual(['OWN']);
    expect(await names('?service=registry')).toEqual(['OWN']);
    expect(await names('?service=offers.1')).toEqual(['OTHER']);
    const unknown = await app.inject('/v1/settings?service=offers.7');
    expect([unknown.statusCode, unknown.json<{ code: string }>().code]).toEqual([404, 'service.unknown']);
  });

  it('and readiness are what the application says of itself over the mesh, too', async () => {
    const { settings, readiness } = selfOf(app);
    expect(settings).toHaveLength(1);
    expect(await readiness?.()).toEqual({ database: true, registry: { usable: 'silent' } });
    expect((await app.inject('/readyz')).json()).toEqual({
      ready: true,
      dependencies: { database: true, registry: 'usable: silent' },
    });
    expect(selfOf({})).toEqual({});
  });
});
