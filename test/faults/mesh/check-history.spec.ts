import type { TaskState } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { Audit, History, LogEntry, TaskEvidence, TaskShare } from './history.js';

type Outcome = Extract<LogEntry, { kind: 'launch' }>['outcome'];

const SHARE: TaskShare = { cpusMilli: 1_000, memMb: 32, diskMb: 8, ports: 0, portNumbers: [] };
const launch = (taskId: string, outcome: Outcome = 'accepted', more: Partial<TaskShare> = {}): LogEntry => ({
  ...{ kind: 'launch', atMs: 1_000, answeredAtMs: 1_010, outcome, taskId, agentId: 'a', has: { ...SHARE, ...more } },
});
const kill = (taskId: string, atMs: number): LogEntry => ({
  ...{ kind: 'kill', atMs, answeredAtMs: atMs + 10, outcome: 'accepted', taskId },
});
/** An agent's update and its acknowledgement, 5 ms later, answered after 5 more. */
const told = (taskId: string, state: TaskState, atMs: number, uuid = `${taskId}${state}`): LogEntry[] => [
  { kind: 'update', atMs, taskId, state, uuid },
  { kind: 'acknowledge', atMs: atMs + 5, answeredAtMs: atMs + 10, outcome: 'accepted', taskId, state, uuid },
];
const answered = (taskId: string, state: TaskState, atMs: number): LogEntry => ({
  ...{ kind: 'update', atMs, taskId, state, reason: 'REASON_RECONCILIATION' },
});
const ran = (taskId: string, startMs: number, endMs: number): TaskEvidence => ({
  taskId,
  starts: [{ atMs: startMs, sandbox: '/s/1' }],
  ends: [{ atMs: endMs, how: 'end' }],
});

interface Given {
  readonly log: readonly LogEntry[];
  readonly ran?: readonly TaskEvidence[];
  readonly booked?: Readonly<Record<string, string>>;
  readonly exitCodes?: Readonly<Record<string, number>>;
  readonly held?: readonly string[];
  readonly crashes?: readonly string[];
  readonly audits?: readonly Audit[];
}

const check = (given: Given): string[] => {
  const history: History = {
    log: given.log,
    evidence: new Map((given.ran ?? []).map((one) => [one.taskId, one])),
    agentTotals: new Map([['a', { cpusMilli: 2_000, memMb: 100, diskMb: 100, ports: 4 }]]),
    audits: given.audits ?? [],
    crashes: given.crashes ?? [],
    exitCodes: new Map(Object.entries(given.exitCodes ?? {})),
    final: {
      tasks: new Map(Object.entries(given.booked ?? {})),
      settledAfterMs: given.held === undefined ? 100 : undefined,
      held: given.held ?? [],
    },
  };
  return checkHistory(history).map(({ rule, taskId, detail }) => `${rule} ${taskId ?? '-'}: ${detail}`);
};

const running = (taskId: string): LogEntry[] => [
  launch(taskId),
  ...told(taskId, 'TASK_STARTING', 1_100),
  ...told(taskId, 'TASK_RUNNING', 1_200),
];
const finished = (taskId: string): LogEntry[] => [...running(taskId), ...told(taskId, 'TASK_FINISHED', 3_000)];
const done = { ran: [ran('t', 1_150, 2_900)], booked: { t: 'TASK_FINISHED' } };

describe('a history without fault', () => {
  it('has a task that begins, ends, and is told so', () => {
    expect(check({ log: finished('t'), ...done })).toEqual([]);
  });

  it('may tell an update again, as long as it is the same', () => {
    expect(check({ log: [...finished('t'), ...told('t', 'TASK_FINISHED', 3_050)], ...done })).toEqual([]);
  });

  it('may have a launch that nobody answered and nobody knows', () => {
    expect(check({ log: [launch('t', 'lost'), answered('t', 'TASK_GONE', 2_000)] })).toEqual([]);
  });

  it('may have a lost launch that is asked about before it arrives', () => {
    const late = finished('t').filter(({ kind }) => kind !== 'launch');
    expect(check({ log: [launch('t', 'lost'), answered('t', 'TASK_GONE', 1_050), ...late], ...done })).toEqual([]);
  });

  it('may have a task that was dropped before it began', () => {
    const log = [launch('t'), ...told('t', 'TASK_DROPPED', 1_100)];
    expect(check({ log, booked: { t: 'TASK_DROPPED' } })).toEqual([]);
  });

  it('may have a task that was killed while it ended', () => {
    const log = [...running('t'), kill('t', 2_895), ...told('t', 'TASK_KILLED', 3_000)];
    expect(check({ log, ran: done.ran, booked: { t: 'TASK_KILLED' } })).toEqual([]);
  });
});

describe('a history with a fault', () => {
  it('has an accepted task without an end', () => {
    expect(check({ log: running('t'), ran: [ran('t', 1_150, 2_900)] })).toEqual([
      'one-terminal-state t: was accepted and no terminal state was told',
    ]);
  });

  it('has a lost launch that ran and was never told', () => {
    expect(check({ log: [launch('t', 'lost')], ran: done.ran })).toEqual([
      'one-terminal-state t: ran and no terminal state was told',
    ]);
  });

  it('has a task with two ends', () => {
    const log = [...finished('t'), ...told('t', 'TASK_LOST', 4_000)];
    expect(check({ log, ...done })).toEqual(['one-terminal-state t: has ended in TASK_FINISHED and TASK_LOST']);
  });

  it('has a task that began twice', () => {
    const starts = [
      { atMs: 1_150, sandbox: '/s/1' },
      { atMs: 1_900, sandbox: '/s/2' },
    ];
    expect(check({ log: finished('t'), booked: done.booked, ran: [{ ...ran('t', 0, 2_900), starts }] })).toEqual([
      'runs-once t: began 2 times, in /s/1 and /s/2',
    ]);
  });

  it('has a task that was told to have been dropped, but ran', () => {
    const log = [launch('t'), ...told('t', 'TASK_DROPPED', 1_100)];
    expect(check({ log, ran: done.ran, booked: { t: 'TASK_DROPPED' } })).toEqual([
      'told-as-it-happened t: TASK_DROPPED was told, but it ran',
    ]);
  });

  it('has a task that was told to have finished, but did not', () => {
    const evidence = { taskId: 't', starts: [{ atMs: 1_150, sandbox: '/s/1' }], ends: [] };
    expect(check({ log: finished('t'), ran: [evidence], booked: done.booked })).toEqual([
      'told-as-it-happened t: TASK_FINISHED was told, but its command did not run to its end',
    ]);
  });

  it('has a task that was told to have finished, but failed', () => {
    expect(check({ log: finished('t'), ...done, exitCodes: { t: 3 } })).toEqual([
      'told-as-it-happened t: TASK_FINISHED was told, but its command exited with 3',
    ]);
  });

  it('has an acknowledged end that the cluster forgot, or has otherwise', () => {
    expect(check({ log: finished('t'), ran: done.ran })).toEqual([
      'acknowledged-is-kept t: TASK_FINISHED was acknowledged, but the cluster has no such task',
    ]);
    expect(check({ log: finished('t'), ran: done.ran, booked: { t: 'TASK_RUNNING' } })).toEqual([
      'acknowledged-is-kept t: TASK_FINISHED was acknowledged, but the cluster has TASK_RUNNING',
    ]);
  });

  it('has a task that starts again after its end was acknowledged', () => {
    const log = [...finished('t'), ...told('t', 'TASK_RUNNING', 9_000, 'other')];
    expect(check({ log, ...done })).toEqual([
      'never-backward t: TASK_RUNNING was told 5990 ms after TASK_FINISHED was acknowledged',
    ]);
  });

  it('has a task that ran although its launch was refused', () => {
    const log = [launch('t', 'refused'), ...finished('t').slice(1)];
    expect(check({ log, ...done })).toEqual(['refused-never-runs t: its launch was refused, but it ran']);
  });

  it('has resources that nobody gives back', () => {
    expect(check({ log: [], held: ['the allocator has 1 cpu of a'] })).toEqual([
      'adds-up -: the allocator has 1 cpu of a',
    ]);
  });

  it('has books that do not agree while tasks run', () => {
    expect(check({ log: [], audits: [{ tookMs: 300 }, { differ: 'of a the allocator counts more' }] })).toEqual([
      'adds-up -: while tasks ran: of a the allocator counts more',
    ]);
  });

  it('has a process that ended by itself', () => {
    expect(check({ log: [], crashes: ['offers-1 ended by itself (exit 1)'] })).toEqual([
      'never-crashes -: offers-1 ended by itself (exit 1)',
    ]);
  });

  it('has an agent that runs more than it has', () => {
    const ids = ['t', 'u', 'v'];
    const given = {
      log: ids.flatMap((id) => finished(id)),
      booked: Object.fromEntries(ids.map((id) => [id, 'TASK_FINISHED'])),
    };
    const apart = [ran('t', 1_150, 2_000), ran('u', 1_150, 2_900), ran('v', 2_000, 2_900)];
    expect(check({ ...given, ran: apart })).toEqual([]);
    expect(check({ ...given, ran: ids.map((id) => ran(id, 1_150, 2_900)) })).toEqual([
      'never-over-committed -: agent a has 2000 cpusMilli and ran tasks of 3000 at 1150',
    ]);
  });

  it.each<[string, Partial<TaskShare>, string]>([
    ['memory', { memMb: 51 }, 'has 100 memMb and ran tasks of 102 at 1150'],
    ['disk', { diskMb: 60 }, 'has 100 diskMb and ran tasks of 120 at 1150'],
    ['ports', { ports: 1, portNumbers: [31_000] }, 'gave port 31000 to t and u at a time'],
  ])('has an agent whose %s was given twice', (_what, has, detail) => {
    const log = ['t', 'u'].flatMap((id) => [launch(id, 'accepted', has), ...finished(id).slice(1)]);
    const booked = { t: 'TASK_FINISHED', u: 'TASK_FINISHED' };
    const apart = [ran('t', 1_150, 2_000), ran('u', 2_000, 2_900)];
    expect(check({ log, booked, ran: apart })).toEqual([]);
    expect(check({ log, booked, ran: ['t', 'u'].map((id) => ran(id, 1_150, 2_900)) })).toEqual([
      `never-over-committed -: agent a ${detail}`,
    ]);
  });
});
