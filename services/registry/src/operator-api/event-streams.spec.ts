import { type MasterEvent, RecordDecoder } from '@tranche/mesos-api';
import { silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import { documentsOf } from '../documents/documents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { frameworkRecord, status, taskRecord } from '../model/model.fakes.js';
import { RenderedState } from './rendered-state.js';
import { EventStreams, type EventStreamLimits, type StreamResponse } from './event-streams.js';

/** What a client has been sent. */
class Client implements StreamResponse {
  writableLength = 0;
  end = vi.fn();
  readonly chunks: Buffer[] = [];
  private closed = (): void => undefined;
  destroy = vi.fn(() => this.closed());

  write(chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  on(event: 'close' | 'error', listener: () => void): void {
    if (event === 'close') this.closed = listener;
  }

  leave(): void {
    this.closed();
  }

  get events(): MasterEvent[] {
    const decoder = new RecordDecoder();
    return this.chunks
      .flatMap((chunk) => decoder.push(chunk))
      .map((record) => JSON.parse(record.toString()) as MasterEvent);
  }

  /** Types of the events since the stream began. */
  get types(): unknown[] {
    return this.events.slice(2).map(({ type }) => type);
  }
}

const LIMITS: EventStreamLimits = { maxStreams: 2, maxUnreadBytes: 1_000, heartbeatMs: 15_000 };

let model: ClusterModel;
let streams: EventStreams;
const opened = (): Client => {
  const client = new Client();
  streams.open(client, 'application/json');
  return client;
};
const subscribed = async (): Promise<Client> => {
  const client = opened();
  await vi.advanceTimersByTimeAsync(0);
  return client;
};
const update = (state: Parameters<typeof status>[0], more = {}) =>
  model.applyUpdate({
    frameworkId: 'f',
    agentId: 'c-S0',
    taskId: 't',
    state,
    status: status(state, more),
    completed: false,
  });

beforeEach(() => {
  vi.useFakeTimers();
  model = new ClusterModel({ maxCompletedFrameworks: 10, maxCompletedTasksPerFramework: 10 });
  streams = new EventStreams(model, new RenderedState(model, documentsOf(model)), silentLogger, LIMITS);
  model.agents.agentChanged(knownAgent());
  model.applyFramework({ framework: frameworkRecord() });
});
afterEach(() => vi.useRealTimers());

describe('a stream of the operator API', () => {
  it('begins with the whole state and a heartbeat, each in a chunk of its own', async () => {
    const client = await subscribed();
    expect(client.chunks).toHaveLength(2);
    expect(client.events).toMatchObject([
      {
        type: 'SUBSCRIBED',
        subscribed: {
          get_state: { get_frameworks: { frameworks: [{}] }, get_agents: { agents: [{}] }, get_tasks: { tasks: [] } },
          heartbeat_interval_seconds: 15,
        },
      },
      { type: 'HEARTBEAT' },
    ]);
    vi.advanceTimersByTime(45_000);
    expect(client.types).toEqual(['HEARTBEAT', 'HEARTBEAT', 'HEARTBEAT']);
  });

  it('tells of tasks: launched, and each new state, but no state twice unless of a check', async () => {
    const client = await subscribed();
    model.applyLaunch({ task: taskRecord() });
    model.applyLaunch({ task: taskRecord() });
    update('TASK_RUNNING');
    update('TASK_RUNNING');
    update('TASK_RUNNING', { reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED', healthy: false });
    update('TASK_FAILED');
    expect(client.types).toEqual(['TASK_ADDED', 'TASK_UPDATED', 'TASK_UPDATED', 'TASK_UPDATED']);
    expect(client.events.at(-1)).toMatchObject({
      task_updated: { framework_id: { value: 'f' }, status: { state: 'TASK_FAILED' }, state: 'TASK_FAILED' },
    });
  });

  it('tells of frameworks: new, changed, removed, but not of lost connections', async () => {
    const client = await subscribed();
    const g = (more: Parameters<typeof frameworkRecord>[0] = {}) =>
      model.applyFramework({ framework: frameworkRecord({ frameworkId: 'g', ...more }) });
    g();
    g({ state: 'disconnected', active: false });
    g({ reregisteredAtMs: 5_000 });
    g({ reregisteredAtMs: 5_000, info: { user: 'root', name: 'other' } });
    g({ state: 'removed', active: false });
    g({ state: 'removed', active: false });
    expect(client.types).toEqual(['FRAMEWORK_ADDED', 'FRAMEWORK_UPDATED', 'FRAMEWORK_UPDATED', 'FRAMEWORK_REMOVED']);
  });

  it('tells of agents that come, and of those that leave, but not of unreachable ones', async () => {
    const client = await subscribed();
    const agent = (...args: Parameters<typeof knownAgent>) => model.agents.agentChanged(knownAgent(...args));
    agent({ agentId: 'c-S1' });
    agent({ agentId: 'c-S1', state: 'unreachable' });
    agent({ agentId: 'c-S1' });
    agent({ agentId: 'c-S1', state: 'deactivated' });
    agent({ agentId: 'c-S1', state: 'removed' });
    agent({ state: 'gone' });
    expect(client.types).toEqual(['AGENT_ADDED', 'AGENT_ADDED', 'AGENT_REMOVED']);
    expect(client.events.at(-1)).toEqual({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'c-S1' } } });
  });

  it('begins for all who come while its state is rendered with the same state, and tells them what has happened since', async () => {
    const first = opened();
    model.applyLaunch({ task: taskRecord() });
    const second = opened();
    update('TASK_RUNNING');
    expect([first.chunks, second.chunks]).toEqual([[], []]);
    await vi.advanceTimersByTimeAsync(0);
    for (const client of [first, second]) {
      expect(client.events[0]).toMatchObject({ subscribed: { get_state: { get_tasks: { tasks: [] } } } });
      expect(client.types).toEqual(['TASK_ADDED', 'TASK_UPDATED']);
    }
    expect(first.chunks[0]).toBe(second.chunks[0]);
  });

  it('begins anew for who comes when facts were missed while its state was rendered', async () => {
    const first = opened();
    model.replace({ asOf: { source: 'offers/1', numbers: {} }, frameworks: [], tasks: [], offers: [], held: [] });
    const second = opened();
    await vi.advanceTimersByTimeAsync(0);
    expect([first.chunks, first.end.mock.calls.length]).toEqual([[], 1]);
    expect(second.events[0]).toMatchObject({ subscribed: { get_state: { get_frameworks: { frameworks: [] } } } });
  });

  it('ends where its state cannot be rendered', async () => {
    const failing = { subscribed: () => Promise.reject(new Error('no')) };
    const client = new Client();
    new EventStreams(model, failing, silentLogger, LIMITS).open(client, 'application/json');
    await vi.advanceTimersByTimeAsync(0);
    expect([client.chunks, client.end.mock.calls.length]).toEqual([[], 1]);
  });

  it('gives all clients of one content type the same bytes', async () => {
    const clients = [await subscribed(), await subscribed()];
    model.applyLaunch({ task: taskRecord() });
    expect(clients[0]?.chunks.at(-1)).toBe(clients[1]?.chunks.at(-1));
  });

  it('ends with its client, with too many others, when facts were missed, and with the service', async () => {
    const [first, second] = [await subscribed(), await subscribed()];
    second?.leave();
    expect(streams.size).toBe(1);
    await subscribed();
    await subscribed();
    expect([streams.size, first?.end.mock.calls.length]).toEqual([2, 1]);
    model.replace({ asOf: { source: 'offers/1', numbers: {} }, frameworks: [], tasks: [], offers: [], held: [] });
    expect(streams.size).toBe(0);
    const last = await subscribed();
    streams.onModuleDestroy();
    expect([streams.size, last.end.mock.calls.length]).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not cut off for what happened until it began, however much', async () => {
    const state = new RenderedState(model, documentsOf(model));
    const under = Promise.withResolvers<void>();
    const slow: Pick<RenderedState, 'subscribed'> = {
      subscribed: async (...given) => {
        const pieces = await state.subscribed(...given);
        await under.promise;
        return pieces;
      },
    };
    streams = new EventStreams(model, slow, silentLogger, LIMITS);
    const client = new Client();
    Object.defineProperty(client, 'writableLength', { get: () => Buffer.concat(client.chunks).length });
    streams.open(client, 'application/json');
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 20; i++) model.applyLaunch({ task: taskRecord({ taskId: `t${i}` }) });
    under.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect([client.destroy.mock.calls.length, client.types.length]).toEqual([0, 20]);
  });

  it('is cut off when its client does not read, which is logged', async () => {
    const warned: unknown[] = [];
    const logger = { ...silentLogger, warn: (...given: unknown[]) => void warned.push(given) };
    streams = new EventStreams(model, new RenderedState(model, documentsOf(model)), logger, LIMITS);
    const client = await subscribed();
    client.writableLength = 100_000;
    model.applyLaunch({ task: taskRecord() });
    expect([client.destroy.mock.calls.length, client.types, streams.size]).toEqual([1, [], 0]);
    expect(warned).toEqual([['a client reads too slowly', { unreadBytes: 100_000 }]]);
  });
});
