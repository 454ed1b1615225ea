import 'reflect-metadata';
import { Controller, Get, HttpCode, Module, Post, Put } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Metrics, silentLogger } from '@tranche/telemetry';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from './create-http-app.js';
import { Flag } from './query-flags.js';

/** What was done, and what was only tried. */
const done: string[] = [];

@Controller('v1')
class ThingsController {
  @Put('quotas/:role')
  put(@Flag('dryRun') dryRun: boolean, @Flag('force') force: boolean): object {
    done.push(dryRun ? 'tried' : 'done');
    return { dryRun, force };
  }

  @Post('agents/:target')
  @HttpCode(200)
  order(@Flag('dryRun') dryRun: boolean): object {
    return { dryRun };
  }

  @Get('agents/:agentId')
  one(): object {
    return {};
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('queries below /v1', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const metrics = new Metrics('quota');
    app = await createHttpApp(ThingsModule, { service: 'quota', logger: silentLogger, metrics, paths: 'cluster' });
    await app.init();
  });
  afterAll(() => app.close());
  beforeEach(() => void done.splice(0));

  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string) => {
    const { statusCode, payload } = await app.inject({ method, url });
    return { status: statusCode, body: JSON.parse(payload) as Record<string, unknown> };
  };

  it.each([
    ['', { dryRun: false, force: false }],
    ['?dryRun=true', { dryRun: true, force: false }],
    ['?dryRun', { dryRun: true, force: false }],
    ['?dryRun=&force=false', { dryRun: true, force: false }],
    ['?dryRun=false&force=true', { dryRun: false, force: true }],
  ])('read the flags of %s', async (query, flags) => {
    expect(await ask('PUT', `/v1/quotas/a${query}`)).toEqual({ status: 200, body: flags });
  });

  it.each(['1', 'yes', 'TRUE', 'True', '0', 'no', 'true '])(
    'refuse the flag value %j, and do nothing',
    async (value) => {
      const { status, body } = await ask('PUT', `/v1/quotas/a?dryRun=${encodeURIComponent(value)}`);
      expect([status, body]).toEqual([
        400,
        expect.objectContaining({
          code: 'request.malformed',
          detail: `dryRun ${JSON.stringify(value)} must be true or false`,
          errors: [{ path: 'dryRun', message: 'must be true or false', value }],
        }),
      ]);
      expect(done).toEqual([]);
    },
  );

  it('refuse a flag that is given twice', async () => {
    expect(await ask('PUT', '/v1/quotas/a?dryRun=true&dryRun=false')).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'dryRun', value: ['true', 'false'] }] },
    });
  });

  it('name every unknown parameter and every wrong flag at once', async () => {
    const { status, body } = await ask('PUT', '/v1/quotas/a?dry_run=true&force=1');
    expect([status, body['errors']]).toEqual([
      400,
      [
        { path: 'dry_run', message: 'is no parameter; known are dryRun, force', value: 'true' },
        { path: 'force', message: 'must be true or false', value: '1' },
      ],
    ]);
    expect(done).toEqual([]);
  });

  it('know the parameters of each form of a route', async () => {
    expect(await ask('POST', '/v1/agents/S0:drain?dryRun')).toEqual({ status: 200, body: { dryRun: true } });
    expect(await ask('POST', '/v1/agents/S0:drain?force=true')).toMatchObject({ status: 400 });
  });

  it('allow jsonp where something is read', async () => {
    expect((await app.inject({ method: 'GET', url: '/v1/agents/S0?jsonp=f' })).payload).toBe('f({});');
    expect(await ask('GET', '/v1/agents/S0?_ts=1')).toMatchObject({
      status: 400,
      body: { detail: '_ts "1" is no parameter; there are none' },
    });
  });
});
