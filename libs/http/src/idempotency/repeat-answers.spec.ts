import 'reflect-metadata';
import { Controller, HttpException, Module, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Metrics, silentLogger } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../create-http-app.js';
import { rawBody } from '../reply.js';
import { KeptAnswers } from './kept-answers.js';

let done = 0;
let finish: (() => void) | undefined;

@Controller('v1')
class ThingsController {
  @Post('reservations')
  add(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): object {
    void reply.code(202).header('location', `/v1/operations/${++done}`);
    return { done, body: rawBody(request).toString() };
  }

  @Put('quotas/:role')
  async put(@Param('role') role: string): Promise<object> {
    done++;
    if (role === 'broken') throw new HttpException('no database', 503);
    if (role === 'slow') await new Promise<void>((resolve) => (finish = resolve));
    return { role };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('Idempotency-Key', () => {
  let app: NestFastifyApplication;
  beforeEach(async () => {
    done = 0;
    const metrics = new Metrics('quota');
    app = await createHttpApp(ThingsModule, { service: 'quota', logger: silentLogger, metrics, paths: 'cluster' });
    await app.init();
  });
  afterEach(() => app.close());

  const send = async (key: string, url = '/v1/reservations', payload = '{}', headers: Record<string, string> = {}) => {
    const method = url.startsWith('/v1/reservations') ? 'POST' : 'PUT';
    const answer = await app.inject({ method, url, payload, headers: { 'idempotency-key': key, ...headers } });
    const { statusCode: status, payload: body } = answer;
    return { status, body, location: answer.headers['location'], isRepeated: answer.headers['idempotency-replayed'] };
  };

  it('gives the first answer again, with its status and headers, and does nothing twice', async () => {
    const first = await send('k1');
    expect(first).toEqual({
      status: 202,
      body: expect.stringContaining('"done":1'),
      location: '/v1/operations/1',
      isRepeated: undefined,
    });
    expect(await send('k1')).toEqual({ ...first, isRepeated: 'true' });
    expect(done).toBe(1);
    expect(await send('k2')).toMatchObject({ location: '/v1/operations/2' });
  });

  it('refuses a key that was used for another body, path or query', async () => {
    await send('k1');
    const others = [
      send('k1', '/v1/reservations', '{"a":1}'),
      send('k1', '/v1/reservations?dryRun'),
      send('k1', '/v1/quotas/a'),
    ];
    for (const other of await Promise.all(others)) {
      expect(other).toMatchObject({ status: 422, body: expect.stringContaining('idempotency.key_reused') });
    }
    expect(done).toBe(1);
  });

  it('keeps the keys of two principals apart', async () => {
    await send('k1', undefined, undefined, { authorization: 'Basic YTph' });
    expect(await send('k1', undefined, undefined, { authorization: 'Basic Yjpi' })).toMatchObject({
      location: '/v1/operations/2',
    });
  });

  it('asks to wait while the first request is not answered', async () => {
    const first = send('k1', '/v1/quotas/slow');
    await expect.poll(() => finish).toBeDefined();
    expect(await send('k1', '/v1/quotas/slow')).toMatchObject({
      status: 409,
      body: expect.stringContaining('idempotency.in_progress'),
    });
    finish?.();
    expect([await first, await send('k1', '/v1/quotas/slow'), done]).toMatchObject([
      { status: 200 },
      { isRepeated: 'true' },
      1,
    ]);
  });

  it('tries again what has failed in the service', async () => {
    expect(await send('k1', '/v1/quotas/broken')).toMatchObject({ status: 503 });
    expect(await send('k1', '/v1/quotas/broken')).toMatchObject({ status: 503, isRepeated: undefined });
    expect(done).toBe(2);
  });

  it('wants a key of a sane length', async () => {
    expect(await send('x'.repeat(256))).toMatchObject({ status: 400 });
    expect(done).toBe(0);
  });
});

describe('KeptAnswers', () => {
  const answer = (body: string) => ({ status: 200, headers: {}, body });
  const DAY_MS = 24 * 3_600_000;

  it('forgets after a day', () => {
    const kept = new KeptAnswers();
    kept.begin('k', 'a', 0);
    kept.keep('k', answer('x'));
    expect(kept.begin('k', 'a', DAY_MS - 1)).toEqual(answer('x'));
    expect(kept.begin('k', 'a', DAY_MS)).toBe('new');
  });

  it('forgets the oldest when all together are too large', () => {
    const kept = new KeptAnswers(2_000);
    for (const key of ['a', 'b', 'c']) {
      kept.begin(key, key, 0);
      kept.keep(key, answer('x'.repeat(400)));
    }
    expect([kept.begin('b', 'b', 1), kept.begin('c', 'c', 1), kept.begin('a', 'a', 1)]).toEqual([
      answer('x'.repeat(400)),
      answer('x'.repeat(400)),
      'new',
    ]);
  });
});
