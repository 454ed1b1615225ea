import 'reflect-metadata';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Controller, Delete, Get, Module, NotFoundException, Param, Post, Put, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { authOptions, configWith } from '@tranche/config';
import { Metrics, silentLogger } from '@tranche/telemetry';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizationOf } from '../auth/credentials.js';
import { createHttpApp } from '../create-http-app.js';
import { rawBody } from '../reply.js';

const weights = new Map<string, number>();
let waiting: (() => void)[] = [];

@Controller('v1')
class WeightsController {
  @Get('weights/*')
  one(@Param('*') role: string): object {
    const weight = weights.get(role);
    if (weight === undefined) throw new NotFoundException();
    return { role, weight, looks: Math.random() };
  }

  @Get('weights')
  list(): object {
    return { items: [], asOf: 0 };
  }

  @Put('weights/*')
  async put(@Param('*') role: string, @Req() request: FastifyRequest): Promise<object> {
    const { weight, slow } = JSON.parse(rawBody(request).toString()) as { weight: number; slow?: true };
    if (slow) await new Promise<void>((resolve) => waiting.push(resolve));
    const { dryRun } = request.query as { dryRun?: string };
    if (dryRun === undefined) weights.set(role, weight);
    return { role, weight };
  }

  @Delete('weights/*')
  remove(@Param('*') role: string): object {
    this.one(role);
    weights.delete(role);
    return { role, weight: 1 };
  }

  @Post('reservations')
  reserve(): object {
    return {};
  }
}

@Module({ controllers: [WeightsController] })
class WeightsModule {}

interface Sent {
  readonly url?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly as?: { readonly principal: string; readonly secret?: string; readonly token?: string };
}

const OPS = { principal: 'ops', secret: 's3cret' };
const BOT = { principal: 'bot', token: 't0ken' };

describe('a resource below /v1', () => {
  let app: NestFastifyApplication;
  beforeEach(async () => {
    weights.clear();
    waiting = [];
    app = await createHttpApp(WeightsModule, {
      ...{ service: 'quota', logger: silentLogger, metrics: new Metrics('quota'), paths: 'cluster' },
      auth: configWith(authOptions, { authCredentials: JSON.stringify({ credentials: [OPS, BOT] }) }),
    });
    await app.init();
  });
  afterEach(() => app.close());

  const URL_OF_A = '/v1/weights/eng/a';
  const send = async (
    method: 'GET' | 'PUT' | 'DELETE' | 'POST',
    { url = URL_OF_A, body = {}, headers = {}, as = OPS }: Sent = {},
  ) => {
    const payload = method === 'GET' || method === 'DELETE' ? {} : { payload: JSON.stringify(body) };
    const all = { authorization: authorizationOf(as), ...headers };
    const answer = await app.inject({ method, url, headers: all, ...payload });
    const { etag } = answer.headers;
    return { status: answer.statusCode, etag, body: answer.json() as Record<string, unknown> };
  };

  it('has a tag of what can be changed of it, which its changes tell, too', async () => {
    const put = await send('PUT', { body: { weight: 2 } });
    const first = await send('GET');
    expect([put.etag, (await send('GET')).etag]).toEqual([first.etag, first.etag]);
    expect(first.etag).toMatch(/^"[0-9a-f]{16}"$/);
    expect((await send('PUT', { body: { weight: 3 } })).etag).not.toBe(first.etag);
    expect((await send('PUT', { body: { weight: 2 } })).etag).toBe(first.etag);
    expect((await send('GET', { url: '/v1/weights' })).etag).toBeUndefined();
  });

  it('is changed by who knows it, and names who changed it before to others', async () => {
    const { etag: stale } = await send('PUT', { body: { weight: 2 } });
    const headers = { 'if-match': String(stale) };
    const { etag: now } = await send('PUT', { body: { weight: 3 }, as: BOT, headers });
    const refused = await send('PUT', { body: { weight: 4 }, headers });
    expect(refused).toMatchObject({
      status: 412,
      body: {
        code: 'weight.changed',
        detail: expect.stringMatching(
          new RegExp(
            `^weight eng/a is ${now} now, not ${stale} as If-Match says; bot changed it at 20.*Z: PUT ${URL_OF_A}$`,
          ),
        ),
        errors: [{ path: 'If-Match', value: stale }],
        hints: [`tranche api GET ${URL_OF_A}`],
      },
    });
    expect(weights.get('eng/a')).toBe(3);
    expect((await send('PUT', { body: { weight: 4 }, headers: { 'if-match': `"x", ${now}` } })).status).toBe(200);
    expect((await send('PUT', { body: { weight: 5 }, headers: { 'if-match': '*' } })).status).toBe(200);
  });

  it('says when it was changed by something else since', async () => {
    const { etag } = await send('PUT', { body: { weight: 2 } });
    weights.set('eng/a', 7);
    const { body } = await send('DELETE', { headers: { 'if-match': String(etag) } });
    expect(body['detail']).toMatch(/ops changed it at .*; since then it was changed by Mesos' API, a framework or/);
    expect(weights.get('eng/a')).toBe(7);
  });

  it('that is not there is not made for who wants another, and is not found by who would change it', async () => {
    const headers = { 'if-match': '"0123"' };
    expect(await send('PUT', { body: { weight: 2 }, headers })).toMatchObject({
      status: 412,
      body: { detail: expect.stringMatching(/^weight eng\/a is not there, not "0123" as If-Match says/) },
    });
    expect((await send('DELETE', { headers })).status).toBe(404);
    expect(weights.size).toBe(0);
  });

  it('is not noted as changed by a trial', async () => {
    const { etag } = await send('PUT', { body: { weight: 2 } });
    await send('PUT', { url: `${URL_OF_A}?dryRun`, body: { weight: 9 }, as: BOT });
    await send('PUT', { body: { weight: 3 } });
    const { body } = await send('DELETE', { headers: { 'if-match': String(etag) } });
    expect(body['detail']).toMatch(/; ops changed it at/);
  });

  it('is changed by one of several who come at once with the same tag', async () => {
    const { etag } = await send('PUT', { body: { weight: 2 } });
    const headers = { 'if-match': String(etag) };
    const first = send('PUT', { body: { weight: 3, slow: true }, headers });
    await expect.poll(() => waiting.length).toBe(1);
    const others = [4, 5, 6].map((weight) => send('PUT', { body: { weight }, headers }));
    waiting[0]?.();
    const answers = await Promise.all([first, ...others]);
    expect(answers.map(({ status }) => status)).toEqual([200, 412, 412, 412]);
    expect(weights.get('eng/a')).toBe(3);
  });

  it('lets others through when a change of it has failed', async () => {
    expect((await send('DELETE')).status).toBe(404);
    expect((await send('PUT', { body: { weight: 2 } })).status).toBe(200);
  });

  it('is changed by others once the change is over whose client has gone meanwhile', async () => {
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer();
    const left = once(server, 'connection').then(([socket]) => once(socket as Socket, 'close'));
    const headers = { authorization: authorizationOf(OPS) };
    const client = httpRequest(`${await app.getUrl()}${URL_OF_A}`, { method: 'PUT', headers });
    client.on('error', () => undefined).end(JSON.stringify({ weight: 2, slow: true }));
    await expect.poll(() => waiting.length).toBe(1);
    client.destroy();
    await left;
    let isAnswered = false;
    const next = send('PUT', { body: { weight: 3 } }).finally(() => (isAnswered = true));
    await send('PUT', { url: '/v1/weights/eng/b', body: { weight: 4 } });
    expect(isAnswered).toBe(false);
    waiting[0]?.();
    expect((await next).status).toBe(200);
    expect(weights.get('eng/a')).toBe(3);
  });

  it('has no tag where it is to be made yet: a condition means nothing there', async () => {
    const refused = await send('POST', { url: '/v1/reservations', headers: { 'if-match': '*' } });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'If-Match' }] } });
    expect((await send('POST', { url: '/v1/reservations' })).status).toBe(201);
  });
});
