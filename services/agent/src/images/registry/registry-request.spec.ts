import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock, ringTracer, runInTrace, runWithTracer } from '@tranche/telemetry';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask } from './registry-request.js';

const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
let server: Server;
let asked: IncomingHttpHeaders[];
let url: string;
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.headers);
    response.writeHead(401).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/app/manifests/1?token=hunter2`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('asks a registry within a span that shows no secret; a challenge is no failure', async () => {
  const tracer = ringTracer('agent', 1 << 20);
  const terms = { stallTimeoutMs: 1_000, clock: new FakeClock() };
  const headers = { authorization: 'Basic hunter2' };
  const answer = await runWithTracer(tracer, () =>
    runInTrace(trace, () => ask(url, headers, terms, new AbortController().signal)),
  );
  answer.discard();
  const spans = tracer.ring?.find(trace.traceId)?.spans ?? [];
  expect(spans).toMatchObject([
    {
      ...{ name: 'GET', kind: 'client' },
      attributes: { 'url.path': '/v2/app/manifests/1', 'http.response.status_code': 401 },
    },
  ]);
  expect(spans[0]?.error).toBeUndefined();
  expect(JSON.stringify(spans)).not.toContain('hunter2');
  expect(asked[0]).toMatchObject({ traceparent: `00-${trace.traceId}-${spans[0]?.spanId}-01`, ...headers });
});
