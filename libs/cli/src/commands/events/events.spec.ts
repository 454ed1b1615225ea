import type { EventView } from '@tranche/contracts';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, FakeRest, fakeWorld, framework, runInFakeWorld } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';
import { passes } from './event-line.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = (...args: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, 'events', ...args]);

const at = '2026-11-23T12:00:00.000Z';
const OF_TASK = {
  ...{ taskId: '7f3a19c2-web.0', taskName: 'web.0', frameworkId: 'c-0001', frameworkName: 'spark' },
  ...{ agentId: 'c-S0', hostname: 'n1', traceId: '9d0c4e11' },
};
const added: EventView = { number: 1, at, type: 'TASK_ADDED', ...OF_TASK, state: 'TASK_STAGING' };
const updated: EventView = { number: 2, at, type: 'TASK_UPDATED', ...OF_TASK, state: 'TASK_FAILED', message: 'exit 1' };
const gone: EventView = { number: 3, at, type: 'AGENT_REMOVED', agentId: 'c-S1', hostname: 'n2', state: 'gone' };
const ended: EventView = {
  ...{ number: 4, at, type: 'FRAMEWORK_REMOVED', frameworkId: 'c-0001', frameworkName: 'spark' },
  ...{ state: 'removed', reason: 'torn down by an operator' },
};
const ALL = [added, updated, gone, ended];
const sse = (...events: EventView[]): string =>
  events.map((event) => `event: ${event.type}\nid: r:${event.number}\ndata: ${JSON.stringify(event)}\n\n`).join('');

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.answers.set('GET /v1/events', () => ({ body: JSON.stringify({ items: ALL, asOf: 4 }) }));
});
afterEach(() => cluster.stop());

describe('tranche events', () => {
  it('lists what has happened', async () => {
    const { stdout, exitCode } = await run();
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'TIME                      TYPE               WHAT',
      `${at}  TASK_ADDED         web.0 on n1, of spark`,
      `${at}  TASK_UPDATED       web.0 TASK_FAILED: exit 1`,
      `${at}  AGENT_REMOVED      n2 gone`,
      `${at}  FRAMEWORK_REMOVED  spark removed: torn down by an operator`,
      '',
    ]);
    expect(exitCode).toBe(0);
  });

  it('asks for a time, and shows the newest of it', async () => {
    const { stdout } = await run('--since', '10m', '--max', '1', '-o', 'name');
    expect(rest.requests[0]?.url.searchParams.get('since')).toBe('2026-11-23T11:50:00.000Z');
    expect(stdout).toBe('FRAMEWORK_REMOVED\n');
    expect((await run('--since', 'soon')).exitCode).toBe(2);
  });

  it('follows, and goes on where it was when the connection is lost', async () => {
    const world = fakeWorld({ isLive: true, speed: 50 });
    const ids: unknown[] = [];
    rest.answers.set('GET /v1/events', () => {
      ids.push(rest.requests.at(-1)?.headers['last-event-id']);
      if (ids.length === 1) return { type: 'text/event-stream', body: `:\n\n${sse(added, updated)}` };
      if (ids.length === 2) return { type: 'text/event-stream', body: `event: reset\ndata: {}\n\n${sse(ended)}` };
      queueMicrotask(() => world.signal('SIGINT'));
      return { type: 'text/event-stream', body: '' };
    });
    const exitCode = await runCli(['-u', cluster.url, 'events', '-f', '-o', 'jsonl'], world.io);
    const lines = world.stdout().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as EventView)).toEqual([added, updated, ended]);
    expect([exitCode, ids.slice(0, 2)]).toEqual([130, [undefined, 'r:2']]);
    expect(world.stderr()).toContain('the control plane began anew');
  });

  it('lists the calls of a framework, and what it was sent', async () => {
    rest.frameworks = [framework({ id: 'c-0001', name: 'spark' })];
    const calls = [
      { id: '7', at, direction: 'call', type: 'ACCEPT', bytes: 2048, outcome: 'accepted', traceId: '9d0c4e11' },
      { id: '8', at, direction: 'event', type: 'UPDATE', bytes: 100 },
    ];
    rest.answers.set('GET /v1/frameworks/c-0001/calls', () => ({ body: JSON.stringify({ items: calls, asOf: 8 }) }));
    const { stdout } = await run('--calls', '--framework', 'spark');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'))).toEqual([
      'TIME|WHO|TYPE|SIZE|OUTCOME',
      `${at}|→ call|ACCEPT|2 KiB|accepted`,
      `${at}|← event|UPDATE|100 B|-`,
      '',
    ]);
    expect((await run('--calls', '--framework', 'spark', '--type', 'ACC*', '-o', 'name')).stdout).toBe('ACCEPT\n');
    expect(await run('--calls')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('of which framework?') });
  });

  it('passes on why it may not', async () => {
    rest.answers.set('GET /v1/events', () => ({ status: 503, type: 'text/plain', body: 'No leader elected' }));
    for (const args of [[], ['-f']]) {
      expect(await run(...args)).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('No leader elected') });
    }
  });
});

describe('passes', () => {
  it.each([
    [{ task: 'web.0' }, [true, true, false, false]],
    [{ task: '7f3a' }, [true, true, false, false]],
    [{ framework: '0001' }, [true, true, false, true]],
    [{ framework: 'spark' }, [true, true, false, true]],
    [{ agent: 'S1' }, [false, false, true, false]],
    [{ agent: 'n2' }, [false, false, true, false]],
    [{ type: 'TASK_*' }, [true, true, false, false]],
    [{ agent: 'c-S0', type: '*_ADDED' }, [true, false, false, false]],
  ])('filters by %j', (filter, expected) => {
    expect(ALL.map((event) => passes(event, filter))).toEqual(expected);
  });
});
