import 'reflect-metadata';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Controller, Get, Module, Post, Req, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  activeTrace,
  inSpan,
  Metrics,
  recordedLogger,
  ringTracer,
  silentLogger,
  type Tracer,
} from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from './create-http-app.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const streams: FastifyReply[] = [];
let finish: (() => void) | undefined;

@Controller()
class ThingsController {
  @Post('things/:id')
  async make(@Req() request: FastifyRequest): Promise<{ bytes: number; traceId: string | undefined }> {
    await new Promise((resolve) => setImmediate(resolve));
    return inSpan('inside', {}, () => ({ bytes: (request.body as Buffer).length, traceId: activeTrace()?.traceId }));
  }

  @Get('broken')
  broken(): never {
    throw new Error('no disk');
  }

  @Get('slow')
  async slow(): Promise<object> {
    await new Promise<void>((resolve) => (finish = resolve));
    return {};
  }

  @Get('stream')
  stream(@Res() reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200).write('x');
    streams.push(reply);
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('traces of requests', () => {
  let app: NestFastifyApplication;
  let tracer: Tracer;
  let metrics: Metrics;
  let url: string;

  beforeEach(async () => {
    finish = undefined;
    tracer = ringTracer('offers', 1 << 20);
    metrics = new Metrics('offers');
    const logger = recordedLogger(silentLogger, tracer);
    app = await createHttpApp(ThingsModule, { service: 'offers', logger, metrics, tracer, paths: 'cluster' });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterEach(() => app.close());

  const spans = () => tracer.ring?.find(TRACE_ID)?.spans ?? [];

  it('are the client`s own when it sends a traceparent, through the reading of a body too', async () => {
    const body = 'x'.repeat(200_000);
    const answer = await fetch(`${url}/things/7?a=b`, { method: 'POST', body, headers: { traceparent } });
    expect(answer.headers.get('trace-id')).toBe(TRACE_ID);
    expect(await answer.json()).toEqual({ bytes: body.length, traceId: TRACE_ID });
    await expect.poll(spans).toHaveLength(2);
    const [inside, request] = spans();
    expect(request).toMatchObject({
      name: 'POST /things/:id',
      kind: 'server',
      parentSpanId: 'b7ad6b7169203331',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/things/:id',
        'http.response.status_code': 201,
        'url.path': '/things/7',
      },
    });
    expect(inside).toMatchObject({ name: 'inside', parentSpanId: request?.spanId });
  });

  it('fail with the request, and have its log lines', async () => {
    await fetch(`${url}/broken`, { headers: { traceparent } });
    await expect.poll(spans).toMatchObject([{ name: 'GET /broken', error: 'HTTP 500' }]);
    const [line] = tracer.ring?.find(TRACE_ID)?.logs ?? [];
    expect(line).toMatchObject({ level: 'error', message: 'request failed', fields: { error: 'no disk' } });
    expect(line?.spanId).toBe(spans()[0]?.spanId);
  });

  it('end when a stream begins', async () => {
    const answer = await fetch(`${url}/stream`, { headers: { traceparent } });
    expect(answer.status).toBe(200);
    expect(spans()).toMatchObject([{ name: 'GET /stream' }]);
    streams.pop()?.raw.end();
  });

  it('end with the handler when the client has gone', async () => {
    const left = once(app.getHttpServer(), 'connection').then(([socket]) => once(socket as Socket, 'close'));
    const client = httpRequest(`${url}/slow`, { headers: { traceparent } });
    client.on('error', () => undefined).end();
    await expect.poll(() => finish).toBeDefined();
    client.destroy();
    await left;
    expect(spans()).toEqual([]);
    finish?.();
    await expect.poll(spans).toMatchObject([{ name: 'GET /slow' }]);
    expect(await metrics.render('text')).toMatch(/^tranche_http_requests_total\{.*route="\/slow".*\} 1$/m);
  });

  it('are not made of probes', async () => {
    const answer = await fetch(`${url}/healthz`, { headers: { traceparent } });
    expect(answer.headers.get('trace-id')).toBe(TRACE_ID);
    expect(spans()).toEqual([]);
  });

  it('are served by id, by its beginning, and as a list', async () => {
    await fetch(`${url}/broken`, { headers: { traceparent } });
    await expect.poll(spans).toHaveLength(1);
    const view = await (await fetch(`${url}/v1/traces/${TRACE_ID.slice(0, 8)}`)).json();
    expect(view).toMatchObject({ traceId: TRACE_ID, parts: [{ service: 'offers', spans: [{ name: 'GET /broken' }] }] });
    const list = await (await fetch(`${url}/v1/traces?error=true&slow=0&service=offers`)).json();
    expect(list).toMatchObject({
      items: [{ traceId: TRACE_ID, services: ['offers'], error: 'HTTP 500' }],
      missing: [],
    });
    expect(await (await fetch(`${url}/v1/traces?service=quota`)).json()).toEqual({
      ...{ items: [], missing: [], asOf: 0 },
    });
  });

  it('that are not there, or badly asked for, are problems', async () => {
    expect((await fetch(`${url}/v1/traces/${'f'.repeat(32)}`)).status).toBe(404);
    const wrong = await fetch(`${url}/v1/traces/xyz`);
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    const faults = await (await fetch(`${url}/v1/traces?slow=x&error=maybe&limit=0`)).json();
    expect((faults as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual([
      'slow',
      'error',
      'limit',
    ]);
  });

  it('are the exemplars of the durations', async () => {
    await (await fetch(`${url}/things/7`, { method: 'POST', body: '', headers: { traceparent } })).text();
    const read = async (accept: string) => (await fetch(`${url}/metrics`, { headers: { accept } })).text();
    await expect
      .poll(() => read('application/openmetrics-text'))
      .toMatch(new RegExp(`duration_seconds_bucket\\{.*route="/things/:id".*# \\{trace_id="${TRACE_ID}"\\}`));
    const text = await read('text/plain');
    expect(text).toMatch(
      /tranche_http_requests_total\{route="\/things\/:id",method="POST",code="201",service="offers"\} 1/,
    );
    expect(text).not.toContain('trace_id');
  });
});
