import 'reflect-metadata';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Controller, HttpException, Module, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Metrics, silentLogger } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../create-http-app.js';
import { rawBody } from '../reply.js';
import type { RequestStore, StoredAnswer } from '../request-store.port.js';
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

  @Post(['tasks/:taskId/exec', 'agents/:agentId/stream'])
  stream(@Res() reply: FastifyReply): void {
    done++;
    reply.hijack().raw.writeHead(200).flushHeaders();
  }

  @Post('agents/:agentId/late')
  async late(@Res() reply: FastifyReply): Promise<void> {
    done++;
    await new Promise<void>((resolve) => (finish = resolve));
    reply.hijack();
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

describe('Idempotency-Key of a client that goes', () => {
  let app: NestFastifyApplication;
  beforeEach(async () => {
    done = 0;
    finish = undefined;
    const metrics = new Metrics('quota');
    app = await createHttpApp(ThingsModule, { service: 'quota', logger: silentLogger, metrics, paths: 'cluster' });
    await app.listen(0, '127.0.0.1');
  });
  afterEach(() => app.close());

  const headers = { 'idempotency-key': 'k' };
  const ask = async (method: 'POST' | 'PUT', path: string): Promise<ClientRequest> => {
    const client = httpRequest(`${await app.getUrl()}${path}`, { method, headers });
    client.on('error', () => undefined).end();
    return client;
  };
  /** Asks, has the handler begun, and goes. Settles when the service has noticed. */
  const askAndGo = async (method: 'POST' | 'PUT', path: string): Promise<void> => {
    const left = once(app.getHttpServer(), 'connection').then(([socket]) => once(socket as Socket, 'close'));
    const client = await ask(method, path);
    await expect.poll(() => done).toBe(1);
    client.destroy();
    await left;
  };

  it('is in use while the handler goes on; what it answers is given when the client comes back', async () => {
    await askAndGo('PUT', '/v1/quotas/slow');
    const again = () => app.inject({ method: 'PUT', url: '/v1/quotas/slow', headers });
    expect((await again()).statusCode).toBe(409);
    finish?.();
    await expect.poll(async () => (await again()).statusCode).toBe(200);
    expect([(await again()).json(), done]).toEqual([{ role: 'slow' }, 1]);
  });

  it('is free again when the reply was taken over', async () => {
    await askAndGo('POST', '/v1/agents/a/stream');
    const [answer] = (await once(await ask('POST', '/v1/agents/a/stream'), 'response')) as [IncomingMessage];
    expect([answer.statusCode, done]).toEqual([200, 2]);
  });

  it('is free again when the reply is taken over later', async () => {
    await askAndGo('POST', '/v1/agents/a/late');
    expect((await app.inject({ method: 'POST', url: '/v1/agents/a/late', headers })).statusCode).toBe(409);
    finish?.();
    await expect.poll(() => ask('POST', '/v1/agents/a/late').then(() => done)).toBe(2);
  });

  it('means nothing for a command in a task, whose answer is a stream', async () => {
    const path = '/v1/tasks/web.0/exec';
    const answers = [await ask('POST', path), await ask('POST', path)].map((client) => once(client, 'response'));
    for (const [answer] of await Promise.all(answers)) expect((answer as IncomingMessage).statusCode).toBe(200);
    expect(done).toBe(2);
  });
});

describe('answers that are stored', () => {
  const stored = new Map<string, StoredAnswer>();
  let isAway = false;
  const requests: RequestStore = {
    answer: async (key) => {
      if (isAway) throw new Error('no database');
      return stored.get(key);
    },
    keepAnswer: async (key, answer) => {
      if (isAway) throw new Error('no database');
      stored.set(key, answer);
    },
    change: async () => undefined,
    noteChange: async () => undefined,
    expire: async () => undefined,
  };
  const start = async (): Promise<NestFastifyApplication> => {
    const options = { service: 'quota', logger: silentLogger, metrics: new Metrics('quota'), requests } as const;
    const app = await createHttpApp(ThingsModule, { ...options, paths: 'cluster' });
    await app.init();
    return app;
  };
  const post = async (app: NestFastifyApplication, payload = '{}') => {
    const headers = { 'idempotency-key': 'k', authorization: 'Basic b3BzOnNlY3JldA==' };
    const { statusCode, headers: answered } = await app.inject({
      method: 'POST',
      url: '/v1/reservations',
      payload,
      headers,
    });
    return [statusCode, answered['location'], answered['idempotency-replayed']];
  };
  beforeEach(() => {
    done = 0;
    isAway = false;
    stored.clear();
  });

  it('are given again by the next process, and no other request has their key', async () => {
    const first = await start();
    expect(await post(first)).toEqual([202, '/v1/operations/1', undefined]);
    await first.close();
    expect(JSON.stringify([...stored])).not.toContain('b3BzOnNlY3JldA');
    const second = await start();
    expect(await post(second)).toEqual([202, '/v1/operations/1', 'true']);
    expect((await post(second, '{"a":1}'))[0]).toBe(422);
    expect(done).toBe(1);
    await second.close();
  });

  it('are asked for anew when a day is over', async () => {
    const app = await start();
    await post(app);
    await app.close();
    for (const [key, answer] of stored) stored.set(key, { ...answer, atMs: answer.atMs - 24 * 3_600_000 });
    const next = await start();
    expect(await post(next)).toEqual([202, '/v1/operations/2', undefined]);
    await next.close();
  });

  it('are not waited for while the database is away: the memory knows those of the process', async () => {
    isAway = true;
    const app = await start();
    expect(await post(app)).toEqual([202, '/v1/operations/1', undefined]);
    expect(await post(app)).toEqual([202, '/v1/operations/1', 'true']);
    await app.close();
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
