import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ago, type CliResult, FakeRest, runInFakeWorld, task } from '../../cli.fakes.js';
import { startSteps, usualStartMs } from './task-start.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = (...args: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, ...args]);
const span = (name: string, startMs: number, endMs: number, more: object = {}) => ({
  ...{ traceId: 't', spanId: name, name, kind: 'internal', startMs, endMs, attributes: {}, links: [] },
  ...more,
});
const trace = {
  traceId: 't',
  parts: [
    { service: 'offers', spans: [span('ACCEPT', 0, 900)], logs: [], dropped: 0, completeSinceMs: 0 },
    {
      ...{ service: 'n1', agentId: 'a1', logs: [], dropped: 0, completeSinceMs: 0 },
      spans: [
        span('launch', 0, 800),
        span('fetch', 100, 700, { parentSpanId: 'launch', error: 'no such host' }),
        span('checkpoint', 50, 52, { parentSpanId: 'launch' }),
        span('image', 60, 90, { parentSpanId: 'launch' }),
        span('layer', 65, 85, { parentSpanId: 'image' }),
        span('checkpoint status', 5_000, 5_020, { attributes: { 'tranche.task.state': 'TASK_FAILED' } }),
        span('image', 60, 400, { attributes: { 'tranche.task.id': 'other' } }),
      ],
    },
  ],
};

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  const ended = {
    ...{
      state: 'TASK_FAILED',
      cause: 'exit 3',
      exitCode: 3,
      launchedAt: ago(60),
      runningAt: ago(54),
      endedAt: ago(10),
    },
    statuses: [
      { state: 'TASK_FAILED', source: 'SOURCE_EXECUTOR', reason: 'REASON_COMMAND_EXECUTOR_FAILED', at: ago(10) },
    ],
  };
  rest.tasks = [
    task(ended),
    task({ id: '11111111-web', state: 'TASK_FAILED', launchedAt: ago(300), runningAt: ago(298) }),
    task({ id: '22222222-db', name: 'db', state: 'TASK_STAGING', cause: 'fetching 61%', launchedAt: ago(30) }),
  ];
  rest.logs.set('7f3a19c2-web/stderr', 'cannot open\n');
  rest.answers.set('GET /v1/traces/9d0c4e11aabbccdd9d0c4e11aabbccdd', () => ({ body: JSON.stringify(trace) }));
});
afterEach(() => cluster.stop());

describe('tranche explain task', () => {
  it('says of one that has ended how it started, ended, and what it said last', async () => {
    const { stdout, exitCode } = await run('explain', 'task', 'web');
    expect([exitCode, stdout.split('\n')]).toEqual([
      0,
      [
        'web, failed: exit 3',
        '  of web, on n1, run 2 of this name',
        '  ran after 6.00 s  (usual 2.00 s, the median of others)',
        '    image                        30 ms',
        '    fetch                        600 ms  no such host',
        '  ended   exit 3, 10.0 s ago',
        '  said    SOURCE_EXECUTOR · REASON_COMMAND_EXECUTOR_FAILED',
        '  limits  cpus 0.1 · mem 64 MiB',
        '  the end of its standard error:',
        '    cannot open',
        '  more    tranche trace web · tranche logs web · tranche fs ls web',
        '',
      ],
    ]);
  });

  it('says of one that starts what it waits for, and how long others took', async () => {
    const { stdout } = await run('explain', 'task', 'db');
    expect(stdout).toContain('db, staging: fetching 61%\n');
    expect(stdout).toContain('  has not run yet, after 30.00 s  (usual 6.00 s, the median of others)\n');
    expect(stdout).toContain('  stage   validated and authorized, queued for its agent\n');
    expect(JSON.parse((await run('explain', 'task', 'db', '--json')).stdout)).toMatchObject({
      ...{ phase: 'starting', startMs: 30_000, attempt: 1, lastErrors: [] },
    });
  });

  it('says who killed one, and what memory it used of what it had', async () => {
    const at = Date.parse(ago(12));
    const about = (attributes: object) => ({ attributes: { 'tranche.task.id': '7f3a19c2-web', ...attributes } });
    const spans = [
      span('KILL', at, at, about({ 'tranche.detail': 'by ops' })),
      span('remove container', at, at + 5, about({ 'tranche.container.memory.peak_bytes': 9 * 1024 * 1024 })),
    ];
    const parts = [{ service: 'n1', agentId: 'a1', logs: [], dropped: 0, completeSinceMs: 0, spans }];
    rest.answers.set('GET /v1/traces/9d0c4e11aabbccdd9d0c4e11aabbccdd', () => ({
      body: JSON.stringify({ traceId: 't', parts }),
    }));
    const { stdout } = await run('explain', 'task', 'web');
    expect(stdout).toContain('  killed  by ops, 12.0 s ago\n  ended   exit 3');
    expect(stdout).toContain('  memory  at most 9 MiB of 64 MiB\n');
    expect(JSON.parse((await run('explain', 'task', 'web', '--json')).stdout)).toMatchObject({
      ...{ stage: 'ended', killer: { by: 'by ops' }, memoryPeakBytes: 9 * 1024 * 1024 },
    });
  });

  it('does without a trace that is no longer kept', async () => {
    rest.answers.delete('GET /v1/traces/9d0c4e11aabbccdd9d0c4e11aabbccdd');
    expect((await run('explain', 'task', 'web')).exitCode).toBe(0);
    expect((await run('explain', 'task', 'nobody')).exitCode).toBe(3);
  });
});

describe('what a start was made of', () => {
  it('is the parts of the launch on the agent, without those that took no time, ended it or are of other tasks', () => {
    expect(startSteps(trace, '7f3a19c2-web')).toEqual([
      { name: 'image', ms: 30 },
      { name: 'fetch', ms: 600, error: 'no such host' },
    ]);
  });

  it('is compared with the median of those that ran', () => {
    const started = (ms: number) => task({ launchedAt: ago(100), runningAt: ago(100 - ms / 1000) });
    expect(usualStartMs([started(9_000), started(1_000), started(2_000), task()])).toBe(2_000);
    expect(usualStartMs([task()])).toBeUndefined();
  });
});
