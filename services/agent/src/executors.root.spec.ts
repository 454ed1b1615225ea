import 'reflect-metadata';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { configWith } from '@tranche/config';
import type { ExecutorInfo, FrameworkInfo, TaskInfo } from '@tranche/mesos-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { agentOptions } from './agent.config.js';
import { type RunningAgent, startAgent } from './start-agent.js';
import { executorTask, scalars } from './testing/executor.builder.js';
import { FakeControlPlane } from './testing/fake-control-plane.js';
import { frameworkInfo } from './testing/task.builder.js';
import { launchOf } from './testing/task-world.js';

const EXECUTORS = resolve(import.meta.dirname, '../../../test/executors');
const checkpointing: FrameworkInfo = { ...frameworkInfo(), checkpoint: true };

/** The whole agent with real containers, and executors that know nothing but the wire. */
describe('an agent with executors of frameworks', () => {
  let workDir: string;
  let httpPort: number;
  let agent: RunningAgent;
  const cluster = new FakeControlPlane();
  const cgroupsRoot = `tranche-test-${process.pid}-executors`;
  let count = 0;

  const start = async (more: object = {}): Promise<RunningAgent> => {
    const runtimeDir = join(workDir, 'run');
    const config = configWith(agentOptions, {
      ...{ workDir, runtimeDir, cgroupsRoot, httpPort, resources: 'cpus:64;mem:65536' },
      ...{ executorRegistrationTimeoutMs: 60_000, executorReregistrationTimeoutMs: 15_000, ...more },
    });
    return startAgent({ config, host: cluster.host() });
  };

  const executor = (script: string, more: Partial<ExecutorInfo> = {}): ExecutorInfo => ({
    type: 'CUSTOM',
    executor_id: { value: `e${++count}` },
    framework_id: { value: 'F' },
    command: { shell: false, value: process.execPath, arguments: ['node', ...script.split(' ')] },
    resources: scalars(0.1, 128),
    ...more,
  });
  const json = join(EXECUTORS, 'json-executor.mjs');
  const protobuf = join(EXECUTORS, 'protobuf-executor.mjs');

  /** Launches tasks of one executor in one message. @returns their ids */
  const launch = async (info: ExecutorInfo, names: readonly string[], framework = checkpointing): Promise<string[]> => {
    const tasks = names.map((name): TaskInfo => {
      const taskId = `${name}-${++count}`;
      return executorTask(taskId, { name, executor: info, resources: scalars(0.01, 8) });
    });
    await cluster.launch('S0', ...tasks.map((task) => launchOf(task, framework)));
    return tasks.map(({ task_id }) => task_id.value);
  };
  const launchOne = async (...args: Parameters<typeof launch>): Promise<string> => (await launch(...args))[0] ?? '';
  const events = (info: ExecutorInfo): string[] => {
    const runs = join(workDir, 'slaves/S0/frameworks/F/executors', info.executor_id.value, 'runs/latest/events');
    return existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n') : [];
  };

  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'agent-executors-'));
    httpPort = await freePort();
    agent = await start();
  });
  afterEach(() => cluster.reports.splice(0));
  afterAll(async () => {
    await agent.stop({ killTasks: true });
    await rm(workDir, { recursive: true });
    await removeCgroups(cgroupsRoot);
  });

  it.each([
    ['JSON', json],
    ['protobuf', protobuf],
  ])('runs tasks on one that speaks %s, and tells of its end', async (_, script) => {
    const info = executor(script);
    const [stays = '', finishes = '', fails = ''] = await launch(info, ['stay', 'finish', 'fail']);
    const { status } = await cluster.reported(stays, 'TASK_RUNNING');
    expect(status).toMatchObject({ source: 'SOURCE_EXECUTOR', executor_id: info.executor_id });
    await cluster.reported(finishes, 'TASK_FINISHED');
    await cluster.reported(fails, 'TASK_FAILED');
    await cluster.deliverMessage('S0', info.executor_id.value, 'cGluZw==');
    expect(await cluster.message(info.executor_id.value)).toBe('cGluZw==');
    await cluster.kill('S0', stays);
    await cluster.reported(stays, 'TASK_KILLED');
    await cluster.shutdownExecutor('S0', info.executor_id.value);
    expect(await cluster.executorEnd(info.executor_id.value)).toBe(0);
    expect(new Set(events(info))).toEqual(
      new Set([
        ...['SUBSCRIBED', expect.stringMatching(/^container [0-9a-f-]{36}$/), 'LAUNCH', 'ACKNOWLEDGED', 'MESSAGE'],
        ...['KILL', 'SHUTDOWN'],
      ]),
    );
  });

  it('runs 200 tasks on one, in a container that grows and shrinks with them', async () => {
    const info = executor(json);
    const names = Array.from({ length: 200 }, () => 'stay');
    const tasks = await launch(info, names);
    await Promise.all(tasks.map((task) => cluster.reported(task, 'TASK_RUNNING')));
    expect(await softLimitOf(info)).toBe((128 + 200 * 8) * 1024 * 1024);
    await Promise.all(tasks.slice(1).map((task) => cluster.kill('S0', task)));
    await Promise.all(tasks.slice(1).map((task) => cluster.reported(task, 'TASK_KILLED')));
    expect(await softLimitOf(info)).toBe((128 + 8) * 1024 * 1024);
    await cluster.shutdownExecutor('S0', info.executor_id.value);
    const { status } = await cluster.reported(tasks[0] ?? '', 'TASK_FAILED');
    expect(status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_EXECUTOR_TERMINATED' });
    await cluster.executorEnd(info.executor_id.value);
  });

  it('ends one that never subscribes, and fails its tasks', async () => {
    // The others get all the time they need, however busy the machine is.
    await agent.stop({ killTasks: false });
    agent = await start({ executorRegistrationTimeoutMs: 1_500 });
    const info = executor('-e setInterval(()=>0,1000)');
    const task = await launchOne(info, ['stay']);
    const { status } = await cluster.reported(task, 'TASK_FAILED');
    expect(status).toMatchObject({
      source: 'SOURCE_AGENT',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      message: 'Executor did not register within 1.5secs',
    });
    expect(await cluster.executorEnd(info.executor_id.value)).toBe(9);
    await agent.stop({ killTasks: false });
    agent = await start();
  });

  it('ends one that ignores SHUTDOWN when its grace is over', async () => {
    const info = executor(`${json} ignore-shutdown`, { shutdown_grace_period: { nanoseconds: 300e6 } });
    const task = await launchOne(info, ['stay']);
    await cluster.reported(task, 'TASK_RUNNING');
    await cluster.shutdownExecutor('S0', info.executor_id.value);
    expect(await cluster.executorEnd(info.executor_id.value)).toBe(9);
    const { status } = await cluster.reported(task, 'TASK_FAILED');
    expect(status).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED', message: 'Executor terminated' });
    expect(events(info)).toContain('SHUTDOWN');
  });

  it('answers for the tasks of one that exits', async () => {
    const info = executor(json);
    const stays = await launchOne(info, ['stay']);
    await cluster.reported(stays, 'TASK_RUNNING');
    await launch(info, ['exit']);
    await cluster.reported(stays, 'TASK_FAILED');
    expect(await cluster.executorEnd(info.executor_id.value)).toBe(3 * 256);
  });

  it('has it back after a restart, with its tasks, when its framework checkpoints', async () => {
    const info = executor(json);
    const [stays = '', killed = ''] = await launch(info, ['stay', 'stay']);
    await Promise.all([stays, killed].map((task) => cluster.reported(task, 'TASK_RUNNING')));
    await agent.stop({ killTasks: false });
    agent = await start();
    expect(cluster.registrations.at(-1)?.executors?.map(({ executor: { executor_id } }) => executor_id)).toContainEqual(
      info.executor_id,
    );
    await cluster.kill('S0', killed);
    await cluster.reported(killed, 'TASK_KILLED');
    const another = await launchOne(info, ['finish']);
    await cluster.reported(another, 'TASK_FINISHED');
    expect(events(info).filter((event) => event === 'SUBSCRIBED')).toHaveLength(2);
    await cluster.shutdownExecutor('S0', info.executor_id.value);
    await cluster.executorEnd(info.executor_id.value);
  });

  it('ends one that does not come back after a restart', async () => {
    const info = executor(json);
    const task = await launchOne(info, ['stay']);
    const pid = (await cluster.reported(task, 'TASK_RUNNING')).status.container_status?.executor_pid ?? 0;
    for (const member of membersOf(pid)) process.kill(member, 'SIGSTOP');
    await agent.stop({ killTasks: false });
    agent = await start({ executorReregistrationTimeoutMs: 300 });
    const { status } = await cluster.reported(task, 'TASK_LOST');
    expect(status).toMatchObject({
      source: 'SOURCE_AGENT',
      reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
      message: 'Executor did not reregister within 300ms',
    });
    expect(await cluster.executorEnd(info.executor_id.value)).toBe(9);
  });

  it('ends one whose framework does not checkpoint when the agent restarts', async () => {
    const info = executor(json, { framework_id: { value: 'G' } });
    const task = executorTask('forgetful', { name: 'stay', executor: info, resources: scalars(0.01, 8) });
    await cluster.launch('S0', { ...launchOf(task), frameworkId: 'G' });
    const pid = (await cluster.reported('forgetful', 'TASK_RUNNING')).status.container_status?.executor_pid ?? 0;
    for (const member of membersOf(pid)) process.kill(member, 'SIGSTOP');
    await agent.stop({ killTasks: false });
    agent = await start();
    const { status } = await cluster.reported('forgetful', 'TASK_LOST');
    expect(status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_AGENT_RESTARTED' });
    expect(await cluster.executorEnd(info.executor_id.value)).toBe(9);
  });

  /** All processes of the container whose first one this is. */
  const membersOf = (pid: number): number[] => {
    const namespace = (of: number | string): string => readlinkOr(`/proc/${of}/ns/pid`);
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((name) => namespace(name) === namespace(pid)).map(Number);
  };

  async function softLimitOf(info: ExecutorInfo): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${agent.port}/monitor/statistics`);
    const found = (
      (await response.json()) as { executor_id: string; statistics: { mem_soft_limit_bytes: number } }[]
    ).find(({ executor_id }) => executor_id === info.executor_id.value);
    return found?.statistics.mem_soft_limit_bytes ?? 0;
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Empty for a process that has gone. */
function readlinkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** The agent's own folders in each hierarchy; those of its containers are gone with them. */
async function removeCgroups(root: string): Promise<void> {
  const mounts = await readdir('/sys/fs/cgroup', { withFileTypes: true }).catch(() => []);
  for (const mount of mounts) {
    const folder = join('/sys/fs/cgroup', mount.name, root);
    const below = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const folders = below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    for (const path of [folder, ...folders].toReversed()) await rmdir(path).catch(() => undefined);
  }
}
