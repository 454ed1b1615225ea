import 'reflect-metadata';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configWith } from '@tranche/config';
import { queueOf, RegisterAgentV1 } from '@tranche/contracts';
import type { RunningService } from '@tranche/http';
import { InProcessBroker, inProcessHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerRequest } from '../agents/agents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { frameworkRecord, taskRecord } from '../model/model.fakes.js';
import { registryOptions } from '../registry.config.js';
import { startRegistry } from '../start-registry.js';

const SANDBOX = '/frameworks/f/executors/t/runs/latest';

/** An agent's HTTP API with one file that grows by hand. */
class FakeAgent {
  readonly requests: string[] = [];
  readonly followers: ServerResponse[] = [];
  content = 'one\ntwo\nthree\n';
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  append(text: string): void {
    this.content += text;
    for (const follower of this.followers) follower.write(text);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/';
    this.requests.push(target);
    const url = new URL(target, 'http://agent');
    if (url.pathname === '/state') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"c-S0"}');
      return;
    }
    if (url.pathname === '/api/v1') {
      // Echoes what comes as it comes, with what says how to read it.
      const { 'content-type': type, 'message-content-type': of } = request.headers;
      response.writeHead(202, { 'content-type': type, ...(of === undefined ? {} : { 'message-content-type': of }) });
      request.pipe(response);
      return;
    }
    if (url.searchParams.get('path') !== `${SANDBOX}/stdout`) {
      response.writeHead(404).end();
      return;
    }
    if (url.pathname === '/v1/files/follow') {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.write(this.content.slice(Number(url.searchParams.get('offset'))));
      this.followers.push(response);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: '', offset: this.content.length }));
  }
}

describe('the relay to agents', () => {
  let agent: FakeAgent;
  let registry: RunningService;
  let base: string;

  beforeEach(async () => {
    agent = new FakeAgent();
    const broker = new InProcessBroker();
    const host = inProcessHost({ service: 'registry', broker, logger: silentLogger });
    const config = configWith(registryOptions, { databaseUrl: 'sqlite::memory:', clusterId: 'c' });
    registry = await startRegistry({ config, host });
    await registry.app.listen(0, '127.0.0.1');
    base = (await registry.app.getUrl()).replace('[::1]', '127.0.0.1');
    const registering = registerRequest({ ip: '127.0.0.1', port: await agent.listen() });
    await host.bus.ask(RegisterAgentV1, queueOf('registry'), registering);
    const model = registry.app.get(ClusterModel);
    for (const frameworkId of ['f', 'g']) model.applyFramework({ framework: frameworkRecord({ frameworkId }) });
    model.applyLaunch({ task: taskRecord() });
    model.applyLaunch({ task: taskRecord({ taskId: 'twice' }) });
    model.applyLaunch({ task: taskRecord({ taskId: 'twice', frameworkId: 'g' }) });
  });
  afterEach(async () => {
    await registry.stop();
    await agent.close();
  });

  const get = (path: string): Promise<Response> => fetch(base + path);
  const problemOf = async (path: string): Promise<{ status: number; code: string; detail: string }> => {
    const answer = await get(path);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    return (await answer.json()) as { status: number; code: string; detail: string };
  };

  it("gives an agent's own answer, with our trace id", async () => {
    const answer = await get('/v1/agents/c-S0/state');
    expect([answer.status, await answer.text()]).toEqual([200, '{"id":"c-S0"}']);
    expect(answer.headers.get('trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(agent.requests).toEqual(['/state']);
  });

  it('refuses a parameter that there is not, before the agent is asked', async () => {
    const detail = 'x "1" is no parameter; there are none';
    expect(await problemOf('/v1/agents/c-S0/state?x=1')).toMatchObject({
      status: 400,
      code: 'request.malformed',
      detail,
    });
    expect(agent.requests).toEqual([]);
  });

  it('passes a call on to an agent, and its answer back', async () => {
    const answer = await fetch(`${base}/v1/agents/c-S0/api/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"type":"GET_HEALTH"}',
    });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      202,
      'application/json',
      '{"type":"GET_HEALTH"}',
    ]);
    const unknown = await fetch(`${base}/v1/agents/nosuch/api/v1`, { method: 'POST', body: '{}' });
    expect(unknown.status).toBe(404);
  });

  it('passes records on while they come, both ways', async () => {
    const headers = { 'content-type': 'application/recordio', 'message-content-type': 'application/json' };
    const sent = request(`${base}/v1/agents/c-S0/api/v1`, { method: 'POST', headers });
    sent.write('2\n{}');
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const ended = once(answer, 'end');
    expect(answer.headers['message-content-type']).toBe('application/json');
    expect(String((await once(answer, 'data'))[0])).toBe('2\n{}');
    sent.end('1\n0');
    expect(String((await once(answer, 'data'))[0])).toBe('1\n0');
    await ended;
  });

  it('finds the agent and the sandbox of a task', async () => {
    await get('/v1/tasks/t/files/read?path=stdout&offset=3&length=4&frameworkId=f');
    expect(agent.requests).toEqual([`/files/read?path=${encodeURIComponent(`${SANDBOX}/stdout`)}&offset=3&length=4`]);
  });

  it('refuses a path out of the sandbox without asking the agent', async () => {
    expect(await problemOf('/v1/tasks/t/files/read?path=../../x')).toMatchObject({
      status: 400,
      code: 'path.outside_sandbox',
      detail: 'path "../../x" leaves the sandbox',
    });
    expect(agent.requests).toEqual([]);
  });

  it('says that a task or file is unknown, and names the frameworks of an ambiguous one', async () => {
    expect(await problemOf('/v1/tasks/nosuch/logs')).toMatchObject({ status: 404, code: 'task.unknown' });
    expect(await problemOf('/v1/tasks/t/logs?stream=stderr')).toMatchObject({ status: 404, code: 'file.unknown' });
    expect(await problemOf('/v1/tasks/twice/logs')).toMatchObject({
      status: 409,
      code: 'task.ambiguous',
      detail: 'task twice is in 2 frameworks: f, g',
    });
  });

  it('gives a log as it is now, whole, from an offset, or its last lines', async () => {
    const text = async (query: string): Promise<string> => (await get(`/v1/tasks/t/logs${query}`)).text();
    expect(await text('')).toBe('one\ntwo\nthree\n');
    expect(await text('?offset=4')).toBe('two\nthree\n');
    expect(await text('?tail=1')).toBe('three\n');
    expect(await text('?offset=99')).toBe('');
  });

  it('asks the agent when an output was written', async () => {
    expect((await get('/v1/tasks/t/files/times?path=stdout')).status).toBe(200);
    expect(agent.requests.at(-1)).toBe(
      `/v1/files/times?${new URLSearchParams({ path: `${SANDBOX}/stdout` }).toString()}`,
    );
  });

  it('gives the end of any file of a sandbox', async () => {
    expect(await (await get('/v1/tasks/t/files/tail?path=stdout&tail=2')).text()).toBe('two\nthree\n');
    expect(await problemOf('/v1/tasks/t/files/tail?path=nosuch')).toMatchObject({ status: 404, code: 'file.unknown' });
    expect(await problemOf('/v1/tasks/t/files/tail?path=../x')).toMatchObject({ code: 'path.outside_sandbox' });
    expect(await problemOf('/v1/tasks/t/files/tail?path=stdout&tail=x')).toMatchObject({ status: 400 });
  });

  it('follows a log until the agent ends it', async () => {
    const answer = await get('/v1/tasks/t/logs?follow=true&tail=1');
    expect(answer.headers.get('log-offset')).toBe('8');
    const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('three\n');
    agent.append('four\n');
    expect((await reader.read()).value).toBe('four\n');
    agent.followers.at(-1)?.end();
    expect((await reader.read()).done).toBe(true);
  });

  it('ends the request at the agent when the client goes away', async () => {
    const client = new AbortController();
    const answer = await fetch(`${base}/v1/tasks/t/logs?follow=true`, { signal: client.signal });
    await answer.body?.getReader().read();
    const follower = agent.followers.at(-1);
    const closed = new Promise((resolve) => follower?.on('close', resolve));
    client.abort();
    await closed;
    expect(follower?.destroyed).toBe(true);
  });

  it('says why when the agent does not answer', async () => {
    await agent.close();
    const found = await problemOf('/v1/tasks/t/logs');
    expect(found).toMatchObject({ status: 503, code: 'agent.away' });
    expect(found.detail).toMatch(
      /^agent c-S0 on n1 \(127\.0\.0\.1:\d+\) does not answer: connection refused; it is active$/,
    );
  });
});
