import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ringTracer, runInTrace, runWithTracer, type Tracer } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeAgentHttp } from './agent-http.node.js';
import type { AgentAddress } from './agent-http.port.js';

const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

describe('NodeAgentHttp', () => {
  let server: Server;
  let agent: AgentAddress;
  let asked: IncomingHttpHeaders[];
  let tracer: Tracer;
  const http = new NodeAgentHttp({ authorization: 'Basic own' });
  beforeEach(async () => {
    asked = [];
    tracer = ringTracer('registry', 1 << 20);
    server = createServer((request, response) => {
      asked.push(request.headers);
      response.writeHead(request.method === 'GET' ? 200 : 503).end('x');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    agent = { agentId: 'S0', ip: '127.0.0.1', port: (server.address() as AddressInfo).port };
  });
  afterEach(() => {
    http.onApplicationShutdown();
    server.close();
  });
  const within = <T>(run: () => Promise<T>): Promise<T> => runWithTracer(tracer, () => runInTrace(trace, run));
  const spans = () => tracer.ring?.find(trace.traceId)?.spans ?? [];

  it('asks within a span of its caller, which the agent is told of', async () => {
    const { signal } = new AbortController();
    const answer = await within(() => http.get(agent, '/files/read?path=/secret', signal));
    answer.body.resume();
    expect(spans()).toMatchObject([
      {
        ...{ name: 'GET', kind: 'client', parentSpanId: trace.spanId },
        attributes: {
          'server.port': agent.port,
          'url.path': '/files/read',
          'http.response.status_code': 200,
          'tranche.agent.id': 'S0',
        },
      },
    ]);
    expect(asked[0]).toMatchObject({
      authorization: 'Basic own',
      traceparent: `00-${trace.traceId}-${spans()[0]?.spanId}-01`,
    });
  });

  it('sends its own trace with what it passes on, and tells of an agent that fails', async () => {
    const sent = { headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
    const answer = await within(() => http.post(agent, '/api/v1', sent, new AbortController().signal));
    answer.body.resume();
    expect(asked[0]).toMatchObject({ 'content-type': 'application/json', traceparent: expect.any(String) });
    expect(spans()).toMatchObject([{ name: 'POST', error: 'HTTP 503' }]);
  });

  it('sends no trace where there is none', async () => {
    const answer = await http.get(agent, '/state', new AbortController().signal);
    answer.body.resume();
    expect(asked[0]).not.toHaveProperty('traceparent');
  });
});
