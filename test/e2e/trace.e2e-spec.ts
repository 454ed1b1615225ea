import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { TaskView, TraceList, TraceSpan, TraceView } from '@tranche/contracts';
import { commandTask, Scheduler, takeResources } from '@tranche/scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';

const spansOf = (view: TraceView, service: string): TraceSpan[] =>
  view.parts.filter((part) => part.service === service).flatMap((part) => part.spans);
const named = (spans: readonly TraceSpan[], name: string): TraceSpan[] => spans.filter((span) => span.name === name);

describe('a trace on the local cluster', () => {
  let cluster: LocalCluster;
  let collector: Collector;
  beforeAll(async () => {
    collector = await Collector.start();
    const exporting = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    Object.assign(process.env, exporting);
    cluster = await LocalCluster.start('--agents', '2');
    for (const name of Object.keys(exporting)) delete process.env[name];
  });
  afterAll(async () => {
    await cluster?.stop();
    await collector?.stop();
  });

  const traceOf = async (name: string): Promise<TraceView> => {
    const { items } = await cluster.get<{ items: TaskView[] }>('/v1/tasks?limit=1000');
    const task = items.find((one) => one.name === name);
    if (task === undefined) throw new Error(`no task ${name}`);
    return cluster.get<TraceView>(`/v1/traces/${task.traceId}`);
  };

  it('is one waterfall over offers, queue, allocator, agent and framework', async () => {
    const run = ['run', '--name', 'seen', '--uri', import.meta.filename, '--', 'true'];
    expect((await cluster.tranche(...run)).status).toBe(0);
    const { stdout, status } = await cluster.tranche('trace', 'seen');
    expect(status).toBe(0);
    const rows = stdout.split('\n');
    expect(rows[0]).toMatch(
      /^seen · seen · agent agent\d · trace [0-9a-f]{32} +finished after .+ · slowest: .+ \(\d+ %\)$/,
    );
    const order = [
      /offers +ACCEPT {2}1 offer, LAUNCH 1 task/,
      /offers +├ validate/,
      /offers +└ publish, confirmed .* (inproc|rabbitmq) agent\.agent\d/,
      /agent agent\d +launch /,
      /agent agent\d +[├└] create container/,
      /agent agent\d +.+ isolators .+ cgroups\/cpu/,
      /agent agent\d +.+ fetch .+ trace\.e2e-spec\.ts/,
      /agent agent\d +[├└] TASK_RUNNING checkpointed/,
      /agent agent\d +TASK_FINISHED checkpointed/,
    ].map((pattern) => rows.findIndex((row) => pattern.test(row)));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    for (const pattern of [
      /\(queue\) +agent\.agent\d/,
      /\(queue\) +offers/,
      /allocator +. recover unused/,
      /framework +ACKNOWLEDGE .* waited/,
      /UPDATE TASK_FINISHED → stream/,
    ]) {
      expect(stdout).toMatch(pattern);
    }
  });

  it('lists it, and those that fail', async () => {
    expect((await cluster.tranche('run', '--name', 'broken', '--', '/does/not/exist')).status).not.toBe(0);
    const all = await cluster.get<TraceList>('/v1/traces');
    expect(all.missing).toEqual([]);
    const { stdout } = await cluster.tranche('trace', 'ls');
    expect(stdout.split('\n')[0]).toMatch(/^TRACE +AGE +LONGEST +WHAT +TASK +SPANS +SERVICES +ERROR/);
    expect(stdout).toMatch(/ACCEPT {2}1 offer, LAUNCH 1 task +\S*broken/);
  });

  it('is below the traceparent that a framework sends, up to the last acknowledgement', async () => {
    const id = 'traced-1';
    await runTraced(cluster.url, id, ['true']);
    const view = await cluster.get<TraceView>(`/v1/traces/${TRACE_ID}`);
    const [accept] = spansOf(view, 'offers').filter((span) => span.attributes['tranche.call'] === 'ACCEPT');
    expect(accept).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID, kind: 'server' });
    const [launch] = named(spansOf(view, 'agent'), 'launch');
    expect(launch).toMatchObject({
      traceId: TRACE_ID,
      parentSpanId: accept?.spanId,
      attributes: { 'tranche.task.id': id },
    });
    const updates = named(spansOf(view, 'offers'), 'UPDATE').map((span) => span.attributes['tranche.task.state']);
    expect(updates).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(named(spansOf(view, 'offers'), 'ACKNOWLEDGE').length).toBeGreaterThanOrEqual(2);
  });

  it('goes on at the agent that a request is passed on to, and has what it waits for in the database', async () => {
    // A span ends behind the answer that it is of: the last one is waited for.
    const ask = async (path: string, last: string): Promise<TraceView> => {
      const answer = await fetch(`${cluster.url}${path}`);
      await answer.text();
      const read = () => cluster.get<TraceView>(`/v1/traces/${answer.headers.get('trace-id')}`);
      const servers = async () => spansOf(await read(), last).filter(({ kind }) => kind === 'server');
      await expect.poll(servers).toHaveLength(1);
      return read();
    };
    const { items } = await cluster.get<{ items: TaskView[] }>('/v1/tasks?live=false&name=seen');
    const relayed = await ask(`/v1/tasks/${items[0]?.id}/logs?frameworkId=${items[0]?.frameworkId}`, 'agent');
    const [passedOn] = spansOf(relayed, 'registry').filter(({ kind }) => kind === 'client');
    expect(passedOn).toMatchObject({ name: 'GET', attributes: { 'tranche.agent.id': items[0]?.agentId } });
    expect(spansOf(relayed, 'agent')).toMatchObject([{ kind: 'server', parentSpanId: passedOn?.spanId }]);
    const past = spansOf(await ask('/v1/tasks?live=false', 'offers'), 'offers');
    expect(past.find(({ kind }) => kind === 'client')).toMatchObject({
      name: 'SELECT offers_past_tasks',
      parentSpanId: past.find(({ kind }) => kind === 'server')?.spanId,
    });
  });

  it('reaches a collector with real parents across services', async () => {
    const spans = () => collector.spans.filter((span) => span.traceId === TRACE_ID);
    // Each service exports on its own: all parts are waited for.
    const services = () => spans().map(({ service, name }) => `${service.replace(/\d+$/, '')} ${name.split(' ')[0]}`);
    await expect
      .poll(services, { timeout: 30_000 })
      .toEqual(expect.arrayContaining(['offers POST', 'offers send', 'agent process', 'allocator process']));
    const byId = new Map(spans().map((span) => [span.spanId, span]));
    const handled = spans().find(
      ({ name, service }) => service.startsWith('agent') && name.startsWith('process agent.'),
    );
    const sent = byId.get(handled?.parentSpanId ?? '');
    expect(sent).toMatchObject({ service: 'offers', name: handled?.name.replace('process', 'send') });
    expect(byId.get(sent?.parentSpanId ?? '')).toMatchObject({
      name: 'POST /api/v1/scheduler',
      parentSpanId: PARENT_ID,
    });
  });

  it('goes on after the cluster was killed and started again, and says what is no longer kept', async () => {
    const detached = await cluster.tranche('run', '--detach', '--name', 'survivor', '--', 'sleep 300');
    expect(detached.status).toBe(0);
    expect((await cluster.tranche('wait', 'survivor', '--for', 'running', '--timeout', '30s')).status).toBe(0);
    const before = await traceOf('survivor');
    const [accept] = spansOf(before, 'offers').filter((span) => span.attributes['tranche.tasks'] === 1);
    await cluster.crash();
    await cluster.up();
    await cluster.tranche('kill', 'survivor', '--yes');
    await expect
      .poll(async () => named(spansOf(await traceOf('survivor'), 'agent'), 'checkpoint status').length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
    const after = await traceOf('survivor');
    expect(after.traceId).toBe(before.traceId);
    const [recovered] = named(spansOf(after, 'agent'), 'recover task');
    expect(recovered).toMatchObject({ traceId: before.traceId, parentSpanId: accept?.spanId });
    const [end] = named(spansOf(after, 'agent'), 'checkpoint status').slice(-1);
    expect(end).toMatchObject({ traceId: before.traceId, attributes: { 'tranche.task.state': 'TASK_KILLED' } });
    const { stdout } = await cluster.tranche('trace', 'survivor');
    expect(stdout).toMatch(/TASK_KILLED checkpointed/);
    expect(stdout).toMatch(/^offers: spans (before \S+ )?no longer kept$/m);
  });
});

/** Launches one task with a `traceparent` and follows it to its end. */
async function runTraced(url: string, id: string, command: string[]): Promise<void> {
  const scheduler = new Scheduler({
    url,
    framework: { user: process.getuid?.() === 0 ? 'root' : 'nobody', name: 'traced' },
    headers: { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` },
  });
  for await (const event of scheduler) {
    if (event.type === 'offers') {
      const [offer] = event.offers;
      if (offer === undefined) continue;
      const cut = takeResources(offer.resources, { cpus: 0.1, memMb: 32 });
      if (!cut.ok) throw new Error('the offer is too small');
      const task = commandTask(
        { id, command, cpus: 0.1, memMb: 32 },
        { agentId: offer.agent_id.value, resources: cut.taken },
      );
      await scheduler.launch(offer, [task], { refuse_seconds: 3600 });
    } else if (event.type === 'update' && event.status.state === 'TASK_FINISHED') {
      await scheduler.teardown();
      break;
    }
  }
  scheduler.close();
}

interface ExportedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
}

/** Takes OTLP's JSON. */
class Collector {
  readonly spans: ExportedSpan[] = [];

  private constructor(private readonly server = createServer()) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
        if (request.url === '/v1/traces') this.take(JSON.parse(body.toString()));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => collector.server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private take(request: {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue?: string } }[] };
      scopeSpans: { spans: Omit<ExportedSpan, 'service'>[] }[];
    }[];
  }): void {
    for (const { resource, scopeSpans } of request.resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) this.spans.push({ ...span, service });
    }
  }
}
