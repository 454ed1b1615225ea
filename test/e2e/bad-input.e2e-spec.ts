import { request } from 'node:http';
import { RecordDecoder, type SchedulerEvent } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

/** A scheduler's stream read by hand, so that the tests depend on nothing but the wire. */
class RawScheduler {
  readonly events: SchedulerEvent[] = [];
  readonly chunks: Buffer[] = [];
  streamId = '';
  frameworkId = '';
  private close: () => void = () => undefined;

  constructor(private readonly cluster: LocalCluster) {}

  async subscribe(framework: object = { user: 'root', name: 'raw' }): Promise<this> {
    const body = JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info: framework } });
    await new Promise<void>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const call = request(`${this.cluster.url}/api/v1/scheduler`, { method: 'POST', headers }, (response) => {
        this.streamId = String(response.headers['mesos-stream-id']);
        const decoder = new RecordDecoder();
        response.on('data', (chunk: Buffer) => {
          this.chunks.push(chunk);
          for (const record of decoder.push(chunk)) this.events.push(JSON.parse(record.toString()) as SchedulerEvent);
          resolve();
        });
        response.on('error', () => undefined);
      });
      call.on('error', reject);
      this.close = () => call.destroy();
      call.end(body);
    });
    await this.until(() => this.events.some((event) => event.type === 'SUBSCRIBED'));
    this.frameworkId = this.events[0]?.subscribed?.framework_id.value ?? '';
    return this;
  }

  /** Looks again whenever the event loop comes round; `expect.poll` may only be used inside a test. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (!condition()) {
      if (performance.now() > deadline)
        throw new Error(`waited 10 s for ${condition.toString()}; events: ${JSON.stringify(this.events)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  call(body: object, headers: Record<string, string> = {}): Promise<Answer> {
    const document = { framework_id: { value: this.frameworkId }, ...body };
    return post(this.cluster, JSON.stringify(document), { 'mesos-stream-id': this.streamId, ...headers });
  }

  async offer(): Promise<NonNullable<NonNullable<SchedulerEvent['offers']>['offers']>[number]> {
    const all = () => this.events.flatMap((event) => event.offers?.offers ?? []);
    await this.until(() => all().length > 0);
    const [offer] = all();
    if (offer === undefined) throw new Error('no offer');
    return offer;
  }

  status(taskId: string): unknown {
    return this.events.map((event) => event.update?.status).findLast((status) => status?.task_id.value === taskId);
  }

  end(): void {
    this.close();
  }
}

async function post(cluster: LocalCluster, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(`${cluster.url}/api/v1/scheduler`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, body: await answer.text(), headers: Object.fromEntries(answer.headers) };
}

const cpus = (value: number) => ({ name: 'cpus', type: 'SCALAR', scalar: { value } });
const mem = (value: number) => ({ name: 'mem', type: 'SCALAR', scalar: { value } });

describe('wrong input to the scheduler API', () => {
  let cluster: LocalCluster;
  let scheduler: RawScheduler;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1');
    scheduler = await new RawScheduler(cluster).subscribe({ user: 'root', name: 'raw', failover_timeout: 60 });
  });
  afterAll(async () => {
    scheduler?.end();
    await cluster?.stop();
  });

  it.each([
    ['malformed JSON', '{"type":"SUBSCRIBE",', {}, 400, 'Failed to parse body into JSON: '],
    ['an array', '[1,2]', {}, 400, 'Failed to convert JSON into Call protobuf: Expecting a JSON object'],
    [
      'an unknown call',
      '{"type":"FLY"}',
      {},
      400,
      "Failed to validate scheduler::Call: Expecting 'type' to be present",
    ],
    [
      'another content type',
      'x',
      { 'content-type': 'text/plain' },
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ],
    [
      'a framework that never was',
      '{"type":"REVIVE","framework_id":{"value":"nobody"}}',
      {},
      400,
      'Framework cannot be found',
    ],
  ])('answers %s with a clear error', async (_name, body, headers, status, text) => {
    const answer = await post(cluster, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body.startsWith(text)).toBe(true);
  });

  it('wants the stream id, and the right one', async () => {
    const without = await post(
      cluster,
      JSON.stringify({ type: 'REVIVE', framework_id: { value: scheduler.frameworkId } }),
    );
    expect([without.status, without.body]).toEqual([
      400,
      "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
    ]);
    const wrong = await scheduler.call({ type: 'REVIVE' }, { 'mesos-stream-id': 'old' });
    expect(wrong.body).toBe(
      `The stream ID 'old' included in this request didn't match the stream ID currently associated with framework ID ${scheduler.frameworkId}`,
    );
  });

  it('refuses a body over the limit', async () => {
    const answer = await post(cluster, `"${'x'.repeat(65 << 20)}"`);
    expect(answer.status).toBe(413);
    expect(answer.body).toContain('67108864');
  });

  it('answers a launch on an unknown offer, on one offer twice, of too much, of a duplicate id, and of no image by status', async () => {
    const offer = await scheduler.offer();
    const task = (id: string, resources: object[]) => ({
      name: id,
      task_id: { value: id },
      agent_id: offer.agent_id,
      resources,
      command: { value: 'sleep 300' },
    });
    const launch = (offerIds: string[], tasks: object[]) =>
      scheduler.call({
        type: 'ACCEPT',
        accept: {
          offer_ids: offerIds.map((value) => ({ value })),
          operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
        },
      });
    const small = [cpus(0.1), mem(32)];
    expect((await launch(['nobody-O1'], [task('unknown-offer', small)])).status).toBe(202);
    await scheduler.until(() => scheduler.status('unknown-offer') !== undefined);
    expect(scheduler.status('unknown-offer')).toMatchObject({
      state: 'TASK_LOST',
      source: 'SOURCE_MASTER',
      reason: 'REASON_INVALID_OFFERS',
      message: expect.stringContaining('Task launched with invalid offers: Offer nobody-O1 is no longer valid'),
    });
    await launch(
      [offer.id.value],
      [task('ok', small), task('too-much', [cpus(10_000), mem(32)]), task('ok', small), task('../x', small)],
    );
    await scheduler.until(() => ['ok', 'too-much', '../x'].every((id) => scheduler.status(id) !== undefined));
    const refused = scheduler.events.flatMap((event) =>
      event.update?.status.state === 'TASK_ERROR' ? [event.update.status] : [],
    );
    expect(refused.map((status) => [status.task_id.value, status.reason])).toEqual([
      ['too-much', 'REASON_TASK_INVALID'],
      ['ok', 'REASON_TASK_INVALID'],
      ['../x', 'REASON_TASK_INVALID'],
    ]);
    await launch([offer.id.value], [task('twice', small)]);
    await scheduler.until(() => scheduler.status('twice') !== undefined);
    expect(scheduler.status('twice')).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_INVALID_OFFERS' });
    const image = {
      ...task('image', small),
      container: { type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: 'No Such Name' } } } },
    };
    const next = scheduler.events.flatMap((event) => event.offers?.offers ?? []).length;
    await scheduler.call({ type: 'REVIVE' });
    await scheduler.until(() => scheduler.events.flatMap((event) => event.offers?.offers ?? []).length > next);
    const fresh = scheduler.events.flatMap((event) => event.offers?.offers ?? []).at(-1);
    await launch([fresh?.id.value ?? ''], [image]);
    await scheduler.until(() => scheduler.status('image') !== undefined);
    expect(scheduler.status('image')).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      message: expect.stringContaining('No Such Name'),
    });
  });

  it('writes each record of the stream as one chunk, the first heartbeat right after SUBSCRIBED', async () => {
    const other = await new RawScheduler(cluster).subscribe({
      user: 'root',
      name: 'ünïcode',
      roles: ['x'],
      capabilities: [{ type: 'MULTI_ROLE' }],
    });
    await other.until(() => other.events.length >= 2);
    expect(other.events.slice(0, 2).map((event) => event.type)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    for (const chunk of other.chunks) {
      const text = chunk.toString('latin1');
      expect(text).toMatch(/^\d+\n\{/);
      const [length = ''] = text.split('\n', 1);
      expect(text.length).toBe(length.length + 1 + Number(length));
      expect(text).not.toMatch(/[\u0080-\u00ff]/);
    }
    other.end();
  });

  it('keeps sandboxes from being left by path', async () => {
    const agent = `http://127.0.0.1:${cluster.port + 1}`;
    for (const path of ['/etc/passwd', '/frameworks/x/../../../../etc/passwd', `${cluster.data}/tranche.db`]) {
      const answer = await fetch(`${agent}/files/read?path=${encodeURIComponent(path)}`);
      expect([400, 404]).toContain(answer.status);
      expect(await answer.text()).not.toContain('root:');
    }
  });

  it('is still well after all that', async () => {
    // It may hold the only agent's offer, for as long as it likes.
    scheduler.end();
    expect((await fetch(`${cluster.url}/health`)).status).toBe(200);
    expect((await cluster.tranche('run', '--', 'echo', 'well')).stdout).toBe('well\n');
  });
});
