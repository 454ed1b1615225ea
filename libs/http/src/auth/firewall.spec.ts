import 'reflect-metadata';
import { Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { authOptions, configWith } from '@tranche/config';
import { Metrics, silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../create-http-app.js';
import { authorizationOf } from './credentials.js';

@Controller()
class Endpoints {
  @Get(['state', 'slaves', 'v1/agents', 'v1/agents/:id'])
  show(): unknown {
    return {};
  }

  @Post('v1/agents/:target')
  order(): unknown {
    return {};
  }
}

@Module({ controllers: [Endpoints] })
class EndpointsModule {}

describe('an HTTP API with disabled endpoints', () => {
  let app: NestFastifyApplication;
  beforeEach(async () => {
    const paths = ['/master/state', '/v1/agents', '/v1/agents/closed', '/tasks'];
    app = await createHttpApp(EndpointsModule, {
      ...{ service: 'registry', logger: silentLogger, metrics: new Metrics('registry'), paths: 'cluster' },
      auth: configWith(authOptions, {
        authFirewallRules: JSON.stringify({ disabled_endpoints: { paths } }),
        authCredentials: '{"credentials":[{"principal":"ops","secret":"s"}]}',
        authReadonly: false,
      }),
      locate: () => 'elsewhere:1',
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterEach(() => app.close());

  it.each(['/master/state', '/state', '/state/', '/state?jsonp=cb', '/%73tate', '/master/tasks'])(
    'answers %s in the words of Mesos, whoever asks',
    async (url) => {
      const { statusCode, body, headers } = await app.inject(url);
      expect([statusCode, body, headers['content-type']]).toEqual([
        403,
        `Endpoint '${url.replace(/\?.*/, '')}' is disabled`,
        'text/plain; charset=utf-8',
      ]);
    },
  );

  it('answers with a problem below /v1', async () => {
    const { statusCode, body } = await app.inject('/v1/agents?limit=1');
    expect([statusCode, JSON.parse(body)]).toMatchObject([403, { code: 'path.disabled' }]);
  });

  it('holds a change against what nobody may read, and tells nothing of it', async () => {
    const headers = { 'if-match': '"x"', authorization: authorizationOf({ principal: 'ops', secret: 's' }) };
    const change = { method: 'POST', url: '/v1/agents/closed:drain', headers } as const;
    const { statusCode, body } = await app.inject(change);
    expect([statusCode, body]).toEqual([412, expect.stringContaining('is told to who may read it')]);
  });

  it.each(['/slaves', '/v1/agents/a', '/healthz'])('answers %s as ever', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(200);
  });
});
