import type { CheckInfo, HealthCheck } from '@tranche/mesos-api';
import { silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { TaskWorld, type TaskWorldOptions } from '../testing/task-world.js';
import type { Probe, ProbeResult } from './probe.port.js';
import { RunChecks } from './run-checks.js';
import { TaskChecks } from './task-checks.js';

/** A probe whose answers the test gives. */
class FakeProbe implements Probe {
  looks = 0;
  answer: () => Promise<ProbeResult | undefined> = async () => ({ kind: 'command', exitCode: 0 });

  run(): Promise<ProbeResult | undefined> {
    this.looks += 1;
    return this.answer();
  }
}

const HEALTH: HealthCheck = {
  ...{ type: 'COMMAND', command: { value: 'x' }, delay_seconds: 5, interval_seconds: 2, grace_period_seconds: 0 },
};
const CHECK: CheckInfo = {
  type: 'COMMAND',
  command: { command: { value: 'x' } },
  delay_seconds: 5,
  interval_seconds: 2,
};

class ChecksWorld extends TaskWorld {
  readonly probe = new FakeProbe();
  readonly checks: TaskChecks;

  constructor(options: TaskWorldOptions = {}) {
    super(options);
    const run = new RunChecks(this.probe, this.clock, silentLogger);
    this.checks = new TaskChecks(run, this.ledger, this.updates, this.killer, this.live);
    this.onWatch = (task) => this.checks.begin(task);
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settled();
  }

  exit(exitCode: number): void {
    this.probe.answer = async () => ({ kind: 'command', exitCode });
  }

  /** What each update says that was made, acknowledged ones too. */
  results(): string[] {
    while (this.task().pending.length > 0) this.acknowledge();
    const once = new Map(this.sent.map((status) => [status.uuid, status]));
    return [...once.values()].map(({ state, healthy, check_status }) =>
      [state?.slice(5), healthy, check_status?.command?.exit_code].filter((part) => part !== undefined).join(' '),
    );
  }
}

describe('a task with a health check', () => {
  it('is looked at after the delay, and an interval after each look', async () => {
    const world = new ChecksWorld();
    await world.launch({ health_check: HEALTH });
    await settled();
    await world.pass(4_999);
    expect(world.probe.looks).toBe(0);
    await world.pass(1);
    expect(world.probe.looks).toBe(1);
    const look = Promise.withResolvers<ProbeResult>();
    world.probe.answer = () => look.promise;
    await world.pass(2_000);
    expect(world.probe.looks).toBe(2);
    await world.pass(60_000);
    expect(world.probe.looks).toBe(2);
    look.resolve({ kind: 'command', exitCode: 0 });
    await settled();
    await world.pass(1_999);
    expect(world.probe.looks).toBe(2);
    await world.pass(1);
    expect(world.probe.looks).toBe(3);
  });

  it('is told to be healthy once, unhealthy at each failure, and ended with the third', async () => {
    const world = new ChecksWorld();
    await world.launch({ health_check: HEALTH }, { framework: killingStateFramework() });
    await settled();
    await world.pass(5_000);
    await world.pass(2_000);
    world.exit(1);
    for (let i = 0; i < 3; i++) await world.pass(2_000);
    expect(world.task()).toMatchObject({ state: 'TASK_KILLING', failedChecks: 3, kill: { cause: 'unhealthy' } });
    expect(world.containerizer.signals(world.task().containerId)).toEqual(['SIGTERM']);
    await world.pass(60_000);
    expect(world.probe.looks).toBe(5);
    expect(world.containerizer.signals(world.task().containerId)).toContain('SIGKILL');
    world.containerizer.end(world.task().containerId, { waitStatus: 15 });
    await settled();
    expect(world.results()).toEqual([
      ...['STARTING', 'RUNNING', 'RUNNING true', 'RUNNING false', 'RUNNING false', 'RUNNING false', 'KILLING'],
      'KILLED false',
    ]);
    const health = world.sent.filter(({ reason }) => reason === 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED');
    expect(new Set(health.map(({ uuid }) => uuid)).size).toBe(4);
    expect(world.sent.at(-1)).toMatchObject({
      state: 'TASK_KILLED',
      healthy: false,
      source: 'SOURCE_EXECUTOR',
      message: 'Command terminated with signal Terminated',
    });
  });

  it('is left alone when it is killed for another reason', async () => {
    const world = new ChecksWorld();
    await world.launch({ health_check: HEALTH });
    await settled();
    const look = Promise.withResolvers<ProbeResult>();
    world.probe.answer = () => look.promise;
    await world.pass(5_000);
    await world.killer.kill(world.task(), 'kill');
    look.resolve({ kind: 'command', exitCode: 1 });
    await settled();
    await world.pass(60_000);
    expect(world.probe.looks).toBe(1);
    world.containerizer.end(world.task().containerId, { waitStatus: 15 });
    await settled();
    expect(world.results()).toEqual(['STARTING', 'RUNNING', 'KILLED']);
  });

  it('is not looked at any more when it has ended', async () => {
    const world = new ChecksWorld();
    await world.launch({ health_check: HEALTH });
    await settled();
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    await world.pass(60_000);
    expect(world.probe.looks).toBe(0);
    expect(world.results()).toEqual(['STARTING', 'RUNNING', 'FINISHED']);
  });

  it('is not judged by a look that the agent could not take', async () => {
    const world = new ChecksWorld();
    await world.launch({ health_check: HEALTH });
    await settled();
    world.probe.answer = async () => undefined;
    for (let i = 0; i < 9; i++) await world.pass(5_000);
    expect(world.probe.looks).toBe(9);
    expect(world.results()).toEqual(['STARTING', 'RUNNING']);
  });

  it('is looked at on after a restart of the agent, which remembers its failures', async () => {
    const world = new ChecksWorld();
    await world.launch({ health_check: HEALTH });
    await settled();
    world.exit(1);
    await world.pass(5_000);
    await world.pass(2_000);
    expect(world.task().failedChecks).toBe(2);
    const next = new ChecksWorld({ node: world.containerizer.node, state: world.ledger.state, ids: world.ids });
    next.exit(1);
    await next.recovery.recover();
    await next.pass(5_000);
    expect(next.task()).toMatchObject({ failedChecks: 3, kill: { cause: 'unhealthy' } });
  });
});

describe('a task with a check', () => {
  it('tells an empty result from the beginning, and later ones when they change', async () => {
    const world = new ChecksWorld();
    await world.launch({ check: CHECK });
    await settled();
    for (const code of [3, 3, 0, 0]) {
      world.exit(code);
      await world.pass(5_000);
    }
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    expect(world.results()).toEqual(['STARTING', 'RUNNING', 'RUNNING 3', 'RUNNING 0', 'FINISHED 0']);
    expect(world.sent[0]?.check_status).toEqual({ type: 'COMMAND', command: {} });
    const told = world.sent.filter(({ reason }) => reason === 'REASON_TASK_CHECK_STATUS_UPDATED');
    expect(told[0]?.check_status?.command?.exit_code).toBe(3);
  });

  it('tells an empty result again when a look came to nothing', async () => {
    const world = new ChecksWorld();
    await world.launch({ check: CHECK });
    await settled();
    await world.pass(5_000);
    world.probe.answer = async () => ({ kind: 'command', fault: 'timed out' });
    await world.pass(2_000);
    world.results();
    expect(world.sent.at(-1)).toMatchObject({ check_status: { type: 'COMMAND', command: {} } });
    expect(world.sent).toHaveLength(4);
  });

  it('keeps what is known of its health in updates of its check, and the other way round', async () => {
    const world = new ChecksWorld();
    await world.launch({ check: CHECK, health_check: HEALTH });
    await settled();
    await world.pass(5_000);
    world.results();
    expect(world.sent.at(-1)).toMatchObject({ healthy: true, check_status: { command: { exit_code: 0 } } });
    expect(world.sent).toHaveLength(4);
  });
});

it('max_completion_time counts from the first TASK_RUNNING, whatever checks have told since', async () => {
  const world = new ChecksWorld();
  await world.launch({ health_check: HEALTH, max_completion_time: { nanoseconds: 20e9 } });
  await settled();
  await world.pass(10_000);
  world.killer.settle(world.task());
  world.killer.resume(world.task());
  await world.pass(9_999);
  expect(world.task().kill).toBeUndefined();
  await world.pass(1);
  expect(world.task().kill?.cause).toBe('max-completion-time');
});

function killingStateFramework() {
  return { ...frameworkInfo(), capabilities: [{ type: 'TASK_KILLING_STATE' as const }] };
}
