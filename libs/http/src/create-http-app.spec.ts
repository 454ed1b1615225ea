import 'reflect-metadata';
import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import { All, Controller, Get, Module, Post, Req, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Metrics, silentLogger } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHttpApp } from './create-http-app.js';
import { problem } from './problem.js';
import { ProblemError } from './problem.errors.js';
import { jsonBody, rawBody, sendJsonText, sendRefusal } from './reply.js';

@Controller()
class Endpoints {
  @All('state')
  state(@Res() reply: FastifyReply): void {
    sendJsonText(reply, `{"text":"${'x'.repeat(2000)}"}`);
  }

  @All('api/v1')
  operator(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const type = request.headers['content-type'] ?? 'none';
    sendRefusal(reply, { status: 202, headers: {}, body: `${type} ${rawBody(request).toString('hex')}` });
  }

  @Post('v1/agents')
  create(@Req() request: FastifyRequest): unknown {
    return jsonBody(request, z.strictObject({ name: z.string() }));
  }

  @Get('v1/agents')
  defect(): never {
    throw new Error('secret detail');
  }

  @Get('v1/away')
  away(): never {
    throw new ProblemError(problem(503, 'agent.away', 'Agent away', 'agent S1 does not answer'));
  }

  @Get('v1/broken-source')
  brokenSource(@Res() reply: FastifyReply): void {
    const half = function* (): Generator<Buffer> {
      yield Buffer.alloc(1_000);
      throw new Error('the other half is lost');
    };
    void reply.send(Readable.from(half(), { objectMode: false }));
  }

  @Get('v1/broken-handler')
  async brokenHandler(@Res() reply: FastifyReply): Promise<void> {
    reply.hijack();
    reply.raw.writeHead(200).write('half');
    throw new Error('the other half is lost');
  }
}

@Module({ controllers: [Endpoints] })
class EndpointsModule {}

describe('createHttpApp', () => {
  let app: NestFastifyApplication;
  const logged: string[] = [];
  const logger = {
    ...silentLogger,
    info: (text: string) => logged.push(`info: ${text}`),
    warn: (text: string) => logged.push(`warn: ${text}`),
    error: (text: string) => logged.push(`error: ${text}`),
  };
  beforeAll(async () => {
    app = await createHttpApp(EndpointsModule, {
      service: 'registry',
      logger,
      metrics: new Metrics('registry'),
      paths: 'cluster',
      bodyLimitBytes: 100,
      locate: (owner) => (owner === 'offers' ? '127.0.0.1:7000' : undefined),
      readiness: async () => ({ database: true, broker: 'connecting' }),
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  it('holds the connections of its clients, and lets a request take as long as it likes', () => {
    const server: Server = app.getHttpServer();
    expect(server).toMatchObject({ keepAliveTimeout: 3_600_000, requestTimeout: 0, headersTimeout: 60_000 });
  });

  it('hands over the body as bytes whatever its type', async () => {
    const body = Buffer.from([0, 255]);
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await app.inject({ method: 'POST', url: '/master/api/v1/operator', headers, body });
    expect(answer.body).toBe('application/x-protobuf 00ff');
    expect((await app.inject({ method: 'POST', url: '/api/v1' })).body).toBe('none ');
  });

  it('refuses a body over the limit with 413 and the limit', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url: '/api/v1', headers, body: 'x'.repeat(101) });
    expect([answer.statusCode, answer.body]).toEqual([413, 'the body is larger than the limit of 100 bytes']);
  });

  it('wraps JSON in the function that ?jsonp names', async () => {
    const answer = await app.inject('/state?jsonp=cb');
    expect(answer.headers['content-type']).toBe('text/javascript');
    expect(answer.body.startsWith('cb({"text"')).toBe(true);
    expect(answer.body.endsWith('});')).toBe(true);
  });

  it('sends JSON as application/json without a charset', async () => {
    expect((await app.inject('/state')).headers['content-type']).toBe('application/json');
  });

  it('compresses large answers for clients that take gzip', async () => {
    const answer = await app.inject({ url: '/state', headers: { 'accept-encoding': 'gzip, deflate' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.rawPayload.length).toBeLessThan(200);
    expect((await app.inject({ url: '/state', headers: { 'accept-encoding': 'gzip;q=0' } })).payload).toHaveLength(
      2011,
    );
  });

  it('sends clients to the service that owns a path, as a non-leading master does', async () => {
    const answer = await app.inject('/frameworks/?framework_id=F');
    expect([answer.statusCode, answer.headers.location]).toEqual([307, '//127.0.0.1:7000/frameworks/?framework_id=F']);
  });

  it('answers unknown paths in the words of their API', async () => {
    const mesos = await app.inject('/nothing');
    expect([mesos.statusCode, mesos.body]).toEqual([404, '404 Not Found.']);
    const rest = await app.inject('/v1/agents/x/y');
    expect(rest.statusCode).toBe(404);
    expect(rest.headers['content-type']).toBe('application/problem+json');
    expect(rest.json()).toMatchObject({ code: 'path.not_found', status: 404 });
  });

  it('names every fault of a request body', async () => {
    const answer = await app.inject({ method: 'POST', url: '/v1/agents', body: '{"nam":1}' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request.malformed', errors: [{ path: 'name' }, { path: '' }] });
  });

  it('hides the cause of a defect and names the trace', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const answer = await app.inject({ url: '/v1/agents', headers: { traceparent } });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(answer.json()).toMatchObject({ code: 'service.defect', traceId: 'a'.repeat(32) });
    expect(answer.headers['trace-id']).toBe('a'.repeat(32));
  });

  it('logs a defect as an error, and what a handler refuses knowingly as information', async () => {
    logged.length = 0;
    expect((await app.inject('/v1/away')).statusCode).toBe(503);
    await app.inject('/v1/agents');
    expect(logged).toEqual(['info: request refused', 'error: request failed']);
  });

  it('logs why an answer broke off whose head has left', async () => {
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    for (const [path, told] of [
      ['broken-source', 'warn: answer broken off'],
      ['broken-handler', 'error: request failed'],
    ] as const) {
      logged.length = 0;
      await expect(fetch(`${url}/v1/${path}`).then((answer) => answer.text())).rejects.toThrow();
      expect(logged).toEqual([told]);
    }
  });

  it('tells whether it is alive and ready', async () => {
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    const ready = await app.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([
      503,
      { ready: false, dependencies: { database: true, broker: 'connecting' } },
    ]);
    expect((await app.inject('/metrics')).statusCode).toBe(200);
    expect((await app.inject('/metrics')).body).toMatch(
      /^tranche_build_info\{version="[\d.]+",commit="unknown",service="registry"\} 1$/m,
    );
  });
});
