import type { TracePartView, TraceSpan, TraceView } from '@tranche/contracts';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeRest, NOW_MS, runInFakeWorld, task } from '../../cli.fakes.js';

const TRACE_ID = '7f3a19c2f0a44bd59d0c4e11aabbccdd';
const START_MS = NOW_MS - 3_600_000;
const TASK = { 'tranche.task.id': 'aaaa0001-web.0' };

let ids = 0;

/** @param at beginning and end, milliseconds of the trace */
function span(name: string, at: [number, number], more: Partial<TraceSpan> = {}): TraceSpan {
  ids += 1;
  return {
    traceId: TRACE_ID,
    spanId: ids.toString(16).padStart(16, '0'),
    name,
    kind: 'internal',
    startMs: START_MS + at[0],
    endMs: START_MS + at[1],
    attributes: TASK,
    links: [],
    ...more,
  };
}

const message = (pattern: string, queue: string, more: Record<string, string | number | boolean> = {}) => ({
  'messaging.system': 'rabbitmq',
  'messaging.destination.name': queue,
  'messaging.batch.message_count': 1,
  'tranche.message': pattern,
  ...more,
});

const part = (service: string, spans: TraceSpan[], more: Partial<TracePartView> = {}): TracePartView => ({
  ...{ service, traceId: TRACE_ID, spans, logs: [], dropped: 0, completeSinceMs: 0 },
  ...more,
});

/** One task from its ACCEPT to its end two hours later, with a try that failed and a repeated update. */
function trace(): TraceView {
  ids = 0;
  const accept = span('POST /api/v1/scheduler', [0, 4.1], {
    kind: 'server',
    attributes: {
      ...TASK,
      'tranche.call': 'ACCEPT',
      'tranche.offers': 1,
      'tranche.tasks': 1,
      'tranche.framework.name': 'run-web',
    },
  });
  const below = { parentSpanId: accept.spanId };
  const send = span('send agent.a1', [1, 3.2], {
    ...below,
    kind: 'producer',
    attributes: message('launch-tasks.v1', 'agent.a1'),
  });
  const recover = span('process allocator', [1.5, 1.8], {
    ...below,
    kind: 'consumer',
    attributes: message('recover-resources.v1', 'allocator', { 'tranche.message.sent_ms': START_MS + 1.2 }),
  });
  const failed = span('process agent.a1', [4, 4.2], {
    parentSpanId: send.spanId,
    kind: 'consumer',
    error: 'disk full',
    attributes: message('launch-tasks.v1', 'agent.a1', { 'tranche.message.sent_ms': START_MS + 3.2 }),
  });
  const launch = span('launch', [5, 6_785], below);
  const inLaunch = { parentSpanId: launch.spanId };
  const status = (state: string, at: [number, number], more: Partial<TraceSpan> = {}) =>
    span('checkpoint status', at, {
      ...more,
      attributes: { ...TASK, 'tranche.task.state': state, ...more.attributes },
    });
  const update = (state: string, at: [number, number], repeated = false) =>
    span('UPDATE', at, {
      ...below,
      attributes: { ...TASK, 'tranche.task.state': state, ...(repeated ? { 'tranche.duplicate': true } : {}) },
    });
  const other = span('launch', [5, 7], { ...below, attributes: { 'tranche.task.id': 'other' } });
  const decline = span('POST /api/v1/scheduler', [7_000, 7_001], {
    kind: 'server',
    attributes: { 'tranche.call': 'DECLINE' },
  });
  return {
    traceId: TRACE_ID,
    parts: [
      part(
        'offers',
        [
          accept,
          span('validate', [0.1, 0.7], below),
          send,
          update('TASK_RUNNING', [6_790, 6_790.9]),
          span('ACKNOWLEDGE', [6_791, 6_805]),
          update('TASK_RUNNING', [16_790, 16_790.2], true),
          decline,
        ],
        {
          logs: [
            {
              spanId: accept.spanId,
              timeMs: START_MS + 2,
              level: 'info',
              message: 'tasks booked',
              fields: { count: 1 },
            },
          ],
        },
      ),
      part('allocator', [recover]),
      part(
        'agent',
        [
          failed,
          launch,
          span('checkpoint task', [6, 7.8], inLaunch),
          span('create container', [9, 6_129], { ...inLaunch, attributes: { ...TASK, 'tranche.detail': 'crun' } }),
          status('TASK_RUNNING', [6_780, 6_781.2], inLaunch),
          span('resend update', [16_780, 16_780], {
            attributes: { ...TASK, 'tranche.task.state': 'TASK_RUNNING', 'tranche.resends': 1 },
          }),
          status('TASK_FAILED', [7_380_000, 7_380_002], {
            ...below,
            attributes: { 'tranche.detail': 'exit 137, OOM at 64 MiB' },
          }),
          other,
        ],
        {
          ...{ agentId: 'a1', hostname: 'n4' },
          logs: [
            {
              spanId: 'gone',
              timeMs: START_MS + 7_380_000,
              level: 'warn',
              message: 'memory limit hit',
              fields: { limit: '64 MiB' },
            },
          ],
        },
      ),
    ],
  };
}

let cluster: FakeCluster;
let rest: FakeRest;

beforeEach(async () => {
  rest = new FakeRest();
  rest.tasks = [
    task({
      id: 'aaaa0001-web.0',
      name: 'web.0',
      frameworkName: 'run-web',
      agentHostname: 'n4',
      traceId: TRACE_ID,
      state: 'TASK_FAILED',
    }),
  ];
  rest.answers.set(`GET /v1/traces/${TRACE_ID}`, () => ({ body: JSON.stringify(trace()) }));
  rest.answers.set('GET /v1/traces/7f3a19c2', () => ({ body: JSON.stringify(trace()) }));
  cluster = await FakeCluster.start({ handle: rest.handle });
});

afterEach(() => cluster.stop());

const run = (...words: string[]) => runInFakeWorld(['-u', cluster.url, 'trace', ...words]);
const lines = async (...words: string[]): Promise<string[]> => (await run(...words)).stdout.split('\n');

describe('tranche trace', () => {
  it('draws the life of a task over all services', async () => {
    expect((await run('web.0')).stdout).toMatchInlineSnapshot(`
      "web.0 · run-web · agent n4 · trace 7f3a19c2f0a44bd59d0c4e11aabbccdd      failed after 2h 3m · slowest: create container 6.12 s (90 %)
       0 ms      offers     ACCEPT  1 offer, LAUNCH 1 task  ▏                4.1 ms
       0 ms      offers      ├ validate                     ▏                0.6 ms
       1 ms      offers      ├ publish, confirmed           ▏                2.2 ms   rabbitmq agent.n4
       2 ms      allocator   └ recover unused resources     ▏                0.3 ms
       3 ms      (queue)    agent.n4                        ▏                0.8 ms   launch-tasks
       4 ms      agent n4   take launches over              ▏                0.2 ms   failed: disk full
       5 ms      agent n4   launch                          ████████████████ 6.78 s
       6 ms      agent n4    ├ checkpoint task              ▏                1.8 ms
       9 ms      agent n4    ├ create container             ██████████████▌  6.12 s   crun
       6.78 s    agent n4    └ TASK_RUNNING checkpointed    ▏                1.2 ms
       6.79 s    offers     UPDATE TASK_RUNNING → stream    ▏                0.9 ms
       6.79 s    framework  ACKNOWLEDGE                                      14 ms waited
       16.78 s   agent n4   update TASK_RUNNING sent again                            1. time
       16.79 s   offers     UPDATE TASK_RUNNING → stream    ▏                0.2 ms   repeated, without effect
       …
       2h 3m     agent n4   TASK_FAILED checkpointed        ▏                2.0 ms   exit 137, OOM at 64 MiB
      "
    `);
  });

  it('shows only what the end waited for with --slow', async () => {
    expect((await run('web.0', '--slow')).stdout).toMatchInlineSnapshot(`
      "web.0 · run-web · agent n4 · trace 7f3a19c2f0a44bd59d0c4e11aabbccdd      failed after 2h 3m · slowest: create container 6.12 s (90 %)
       0 ms      offers     ACCEPT  1 offer, LAUNCH 1 task  ▏                4.1 ms
       0 ms      offers      ├ validate                     ▏                0.6 ms
       1 ms      offers      └ publish, confirmed           ▏                2.2 ms   rabbitmq agent.n4
       4 ms      agent n4   take launches over              ▏                0.2 ms   failed: disk full
       5 ms      agent n4   launch                          ████████████████ 6.78 s
       6 ms      agent n4    ├ checkpoint task              ▏                1.8 ms
       9 ms      agent n4    ├ create container             ██████████████▌  6.12 s   crun
       6.78 s    agent n4    └ TASK_RUNNING checkpointed    ▏                1.2 ms
       6.79 s    offers     UPDATE TASK_RUNNING → stream    ▏                0.9 ms
       6.79 s    framework  ACKNOWLEDGE                                      14 ms waited
       16.78 s   agent n4   update TASK_RUNNING sent again                            1. time
       16.79 s   offers     UPDATE TASK_RUNNING → stream    ▏                0.2 ms   repeated, without effect
       …
       2h 3m     agent n4   TASK_FAILED checkpointed        ▏                2.0 ms   exit 137, OOM at 64 MiB
      "
    `);
  });

  it('counts a long wait in a queue among what the end waited for, and what ran beside it not', async () => {
    const view = trace();
    const [offers, , agent] = view.parts;
    // 51 of its 1,050 ms are before the launch.
    const beside = span('send allocator', [3_950, 5_000], {
      kind: 'producer',
      attributes: message('recover-resources.v1', 'allocator'),
    });
    const late = span('process agent.a1', [4_000, 4_000.2], {
      kind: 'consumer',
      attributes: { ...TASK, ...message('launch-tasks.v1', 'agent.a1', { 'tranche.message.sent_ms': START_MS + 3.2 }) },
    });
    offers?.spans.push(beside);
    agent?.spans.splice(0, Number.POSITIVE_INFINITY, late, span('launch', [4_001, 6_785]));
    rest.answers.set(`GET /v1/traces/${TRACE_ID}`, () => ({ body: JSON.stringify(view) }));
    const all = await lines('web.0', '--slow');
    expect(all.filter((line) => line.includes('(queue)')).map((line) => line.replace(/ +/g, ' '))).toEqual([
      expect.stringMatching(/^ 3 ms \(queue\) agent\.n4 \S+ 4\.00 s launch-tasks$/),
    ]);
    expect(all.filter((line) => line.includes('rabbitmq allocator'))).toEqual([]);
  });

  it('takes the name on either side of --slow', async () => {
    expect((await run('--slow', 'web.0')).stdout).toBe((await run('web.0', '--slow')).stdout);
  });

  it('puts log lines under their spans, and those of unknown spans at their time', async () => {
    const all = await lines('web.0', '--logs');
    const at = all.findIndex((line) => line.includes('tasks booked'));
    expect(all.slice(at - 1, at + 1)).toMatchInlineSnapshot(`
      [
        " 0 ms      offers     ACCEPT  1 offer, LAUNCH 1 task  ▏                4.1 ms",
        " 2 ms      offers      │ info tasks booked  count=1",
      ]
    `);
    expect(all.find((line) => line.includes('memory limit hit'))).toMatchInlineSnapshot(
      `" 2h 3m     agent n4   warn memory limit hit  limit=64 MiB"`,
    );
  });

  it('takes the beginning of a trace id, and shows everything that the trace has', async () => {
    const all = await lines('7f3a19c2');
    expect(all[0]).toMatch(/^run-web · trace 7f3a19c2f0a44bd59d0c4e11aabbccdd /);
    expect(all.filter((line) => line.includes(' launch ')).length).toBe(2);
    expect(all.some((line) => line.includes('DECLINE'))).toBe(true);
  });

  it('names the parts that are missing', async () => {
    const view = trace();
    const parts = view.parts.map((p) =>
      p.service === 'agent' ? { ...p, spans: [], logs: [], missing: 'spans no longer kept' } : p,
    );
    rest.answers.set(`GET /v1/traces/${TRACE_ID}`, () => ({ body: JSON.stringify({ ...view, parts }) }));
    expect((await lines('web.0')).at(-2)).toBe('agent n4: spans no longer kept');
  });

  it('gives OTLP JSON', async () => {
    const { stdout } = await run('web.0', '-o', 'json', '--logs');
    const { resourceSpans, resourceLogs } = JSON.parse(stdout);
    expect(resourceSpans.map((r: { resource: unknown }) => r.resource)).toEqual([
      { attributes: [{ key: 'service.name', value: { stringValue: 'offers' } }] },
      { attributes: [{ key: 'service.name', value: { stringValue: 'allocator' } }] },
      {
        attributes: [
          { key: 'service.name', value: { stringValue: 'agent' } },
          { key: 'host.name', value: { stringValue: 'n4' } },
        ],
      },
    ]);
    expect(resourceSpans[2].scopeSpans[0].spans[0]).toMatchObject({
      traceId: TRACE_ID,
      kind: 5,
      startTimeUnixNano: `${START_MS + 4}000000`,
      endTimeUnixNano: `${START_MS + 4}200000`,
      status: { code: 2, message: 'disk full' },
    });
    expect(resourceLogs[0].scopeLogs[0].logRecords[0]).toMatchObject({ severityText: 'info', traceId: TRACE_ID });
  });

  it('says what it does not find, or was not told', async () => {
    expect(await run('nobody')).toMatchObject({ exitCode: 3 });
    expect(await run()).toMatchObject({ exitCode: 2 });
  });
});

describe('tranche trace ls', () => {
  it('lists recent traces, and asks for what the flags say', async () => {
    const item = {
      traceId: TRACE_ID,
      startMs: START_MS,
      endMs: START_MS + 7_000,
      longestMs: 6_780,
      spans: 12,
      error: 'exit 137',
      name: 'POST /api/v1/scheduler',
      attributes: {
        ...TASK,
        'http.request.method': 'POST',
        'tranche.call': 'ACCEPT',
        'tranche.offers': 1,
        'tranche.tasks': 1,
      },
      services: ['offers', 'allocator'],
    };
    rest.answers.set('GET /v1/traces', () => ({ body: JSON.stringify({ items: [item], missing: ['quota'] }) }));
    const { stdout, stderr } = await run('ls', '--slow', '2s', '--error', '--service', 'offers');
    expect(stdout).toMatchInlineSnapshot(`
      "TRACE     AGE  LONGEST  WHAT                            TASK            SPANS  SERVICES          ERROR
      7f3a19c2  1h    6.78 s  ACCEPT  1 offer, LAUNCH 1 task  aaaa0001-web.0     12  offers allocator  exit 137
      "
    `);
    expect(stderr).toBe('quota does not answer: its traces are missing\n');
    expect(rest.requests.at(-1)?.url.search).toBe('?slow=2000&error=true&service=offers');
    rest.answers.set('GET /v1/traces', () => ({ body: JSON.stringify({ items: [], missing: [] }) }));
    expect((await run('ls')).stderr).toBe('no traces are kept yet: tranche run -- sleep 60\n');
    expect((await run('ls', '--slow', '--error')).stderr).toBe(
      'no trace that is kept is one in which something failed, with a part of 1.00 s or more; all of them: tranche trace ls\n',
    );
  });
});
