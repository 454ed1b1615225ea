import 'reflect-metadata';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import type { ContainerInfo, ExecutorInfo, HealthCheck, TaskInfo, Volume } from '@tranche/mesos-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { agentOptions } from './agent.config.js';
import { type RunningAgent, startAgent } from './start-agent.js';
import { executorInfo, scalars } from './testing/executor.builder.js';
import { FakeControlPlane } from './testing/fake-control-plane.js';
import { frameworkInfo, taskInfo } from './testing/task.builder.js';

/** A folder that the tasks of a pod share. */
const SHARED: Volume = {
  container_path: 'data',
  mode: 'RW',
  source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'shared' } },
};

/** The whole agent with each containerizer; only the control plane around it is played. */
describe.each(['oci', 'bare', 'process'] as const)('task groups with the containerizer %s', (containerizer) => {
  let workDir: string;
  let agent: RunningAgent;
  const cluster = new FakeControlPlane();
  const cgroupsRoot = `tranche-test-${process.pid}-pods`;
  let count = 0;

  const start = async (): Promise<RunningAgent> => {
    const runtimeDir = join(workDir, 'run');
    const config = configWith(agentOptions, {
      ...{ workDir, runtimeDir, cgroupsRoot, containerizer, httpPort: 0, resources: 'cpus:8;mem:4096' },
    });
    return startAgent({ config, host: cluster.host() });
  };
  /** @returns the executor's id */
  const launch = async (
    tasks: readonly (Partial<TaskInfo> & { readonly id: string; readonly run: string })[],
    mem = 32,
  ): Promise<string> => {
    const executorId = `pod-${++count}`;
    const { command: _none, ...custom }: ExecutorInfo = executorInfo({ executor_id: { value: executorId } });
    const executor: ExecutorInfo = { ...custom, type: 'DEFAULT', resources: scalars(0.1, mem) };
    const infos = tasks.map(({ id, run, ...more }) =>
      taskInfo({ task_id: { value: id }, command: { value: run }, resources: scalars(0.1, 16), executor, ...more }),
    );
    const at = { agentId: 'S0', frameworkId: 'F', framework: frameworkInfo(), role: 'dev', traceId: 'a'.repeat(32) };
    await cluster.launchGroup('S0', { ...at, executor, taskGroup: { tasks: infos } });
    return executorId;
  };
  const fileOf = async (executorId: string, path: string): Promise<string> => {
    const url = `http://127.0.0.1:${agent.port}/files/download?path=/frameworks/F/executors/${executorId}/runs/latest/${path}`;
    return (await fetch(url)).text();
  };
  const get = async (path: string): Promise<unknown> => (await fetch(`http://127.0.0.1:${agent.port}${path}`)).json();
  const pidOf = async (taskId: string): Promise<number> =>
    (await cluster.reported(taskId, 'TASK_RUNNING')).status.container_status?.executor_pid ?? 0;

  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'agent-pods-'));
    agent = await start();
  });
  afterEach(() => cluster.reports.splice(0));
  afterAll(async () => {
    await agent.stop({ killTasks: true });
    await rm(workDir, { recursive: true });
    await removeCgroups(cgroupsRoot);
  });

  it('end as a whole when one of their tasks is not healthy', async () => {
    const check = { type: 'COMMAND', command: { value: 'test -e well' } } as const;
    const pace = { delay_seconds: 0, interval_seconds: 0.05, grace_period_seconds: 0 };
    await launch([
      { id: 'sick', run: 'sleep 60', health_check: { ...check, ...pace, consecutive_failures: 2 } },
      { id: 'fit', run: 'touch well; sleep 60', health_check: { ...check, ...pace, consecutive_failures: 1_000 } },
    ]);
    const { status } = await cluster.reported('sick', 'TASK_KILLED');
    expect(status.healthy).toBe(false);
    expect((await cluster.reported('fit', 'TASK_KILLED')).status).not.toHaveProperty('healthy');
  });

  it('run three tasks that share a volume, each in its own sandbox below the executor’s', async () => {
    const container: ContainerInfo = { type: 'MESOS', volumes: [SHARED] };
    const wait = (file: string): string => `until [ -e data/${file} ]; do sleep 0.02; done`;
    const pod = await launch([
      { id: 'one', run: `echo one > data/one; ${wait('three')}; pwd`, container },
      { id: 'two', run: `${wait('one')}; cat data/one; echo two > data/two`, container },
      { id: 'three', run: `${wait('two')}; cat data/one data/two; touch data/three`, container },
    ]);
    await Promise.all(['one', 'two', 'three'].map((task) => cluster.reported(task, 'TASK_FINISHED')));
    expect(await cluster.executorEnd(pod)).toBe(0);
    expect(await fileOf(pod, 'tasks/two/stdout')).toBe('one\n');
    expect(await fileOf(pod, 'tasks/three/stdout')).toBe('one\ntwo\n');
    expect(await fileOf(pod, 'shared/two')).toBe('two\n');
    const { status } = await cluster.reported('one', 'TASK_FINISHED');
    const id = status.container_status?.container_id;
    expect(await fileOf(pod, 'tasks/one/stdout')).toContain(`/runs/${id?.parent?.value}/containers/${id?.value}\n`);
  });

  it('end as a whole when one of them fails: the others are killed, and those that resist by force', async () => {
    const kill_policy = { grace_period: { nanoseconds: 200e6 } };
    const pod = await launch([
      { id: 'polite', run: 'exec sleep 600' },
      { id: 'stubborn', run: "trap '' TERM; while :; do sleep 0.05; done", kill_policy },
      { id: 'failing', run: 'sleep 0.3; exit 7' },
    ]);
    const { status } = await cluster.reported('failing', 'TASK_FAILED');
    expect(status.message).toBe('Command exited with status 7');
    await cluster.reported('polite', 'TASK_KILLED');
    expect((await cluster.reported('stubborn', 'TASK_KILLED')).status.message).toBe(
      'Command terminated with signal Killed',
    );
    expect(await cluster.executorEnd(pod)).toBe(0);
  });

  it('show in the agent’s views', async () => {
    const pod = await launch([
      { id: 'a', run: 'exec sleep 600' },
      { id: 'b', run: 'exec sleep 600' },
    ]);
    const pids = [await pidOf('a'), await pidOf('b')];
    for (const namespace of ['net', 'ipc', 'uts']) {
      expect(new Set(pids.map((pid) => readlinkSync(`/proc/${pid}/ns/${namespace}`))).size).toBe(1);
    }
    const state = (await get('/state')) as { frameworks: { executors: Record<string, unknown>[] }[] };
    expect(state.frameworks[0]?.executors).toMatchObject([
      { id: pod, type: 'DEFAULT', resources: { cpus: 0.3, mem: 64 }, tasks: [{ id: 'a' }, { id: 'b' }] },
    ]);
    expect(await get('/containers')).toMatchObject([{ executor_id: pod }]);
    const parent = { value: expect.any(String) };
    expect(await get('/containers?show_nested=true')).toMatchObject([
      { executor_id: pod },
      { executor_id: pod, status: { container_id: { parent } } },
      { executor_id: pod, status: { container_id: { parent } } },
    ]);
    expect(await get('/monitor/statistics')).toMatchObject([
      { executor_id: pod, statistics: { mem_limit_bytes: 64 << 20 } },
    ]);
    await cluster.kill('S0', 'a');
    await cluster.reported('b', 'TASK_KILLED');
    await cluster.executorEnd(pod);
  });

  it('are found again after a restart, with the exit status of what ended meanwhile', async () => {
    const pod = await launch([
      { id: 'stays', run: 'exec sleep 600' },
      { id: 'ends', run: 'sleep 0.5; exit 42' },
    ]);
    const [stays, ends] = [await pidOf('stays'), await pidOf('ends')];
    const ticks = startTicks(stays);
    await agent.stop({ killTasks: false });
    while (isRunning(ends)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(startTicks(stays)).toBe(ticks);
    agent = await start();
    const { status } = await cluster.reported('ends', 'TASK_FAILED');
    expect(status.message).toBe('Command exited with status 42');
    await cluster.reported('stays', 'TASK_KILLED');
    expect(await cluster.executorEnd(pod)).toBe(0);
  });

  it.skipIf(containerizer === 'process')(
    'are held to the memory of all of them together (plain processes have no memory limit)',
    async () => {
      const pod = await launch(
        [
          { id: 'small', run: 'exec sleep 600' },
          { id: 'large', run: 'head -c 200m /dev/zero | tail > /dev/null' },
        ],
        16,
      );
      const { status } = await cluster.reported('large', 'TASK_FAILED');
      expect(status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_CONTAINER_LIMITATION_MEMORY' });
      await cluster.executorEnd(pod);
    },
  );

  it.skipIf(containerizer === 'process')(
    'may have limits of their own: the rest is told and killed (plain processes have no memory limit)',
    async () => {
      const container = { type: 'MESOS', linux_info: { share_cgroups: false } } as const;
      await launch(
        [
          { id: 'calm', run: 'exec sleep 600', container },
          { id: 'greedy', run: 'head -c 100m /dev/zero | tail > /dev/null', container },
        ],
        512,
      );
      const { status } = await cluster.reported('greedy', 'TASK_FAILED');
      expect(status.message).toContain('Memory limit exceeded: Requested: 32MB');
      await cluster.reported('calm', 'TASK_KILLED');
    },
  );

  it('end with a task that is not healthy', async () => {
    const health_check: HealthCheck = {
      ...{ type: 'COMMAND', command: { value: 'exit 1' } },
      ...{ delay_seconds: 0, interval_seconds: 0.1, grace_period_seconds: 0, consecutive_failures: 2 },
    };
    const pod = await launch([
      { id: 'sick', run: 'exec sleep 600', health_check },
      { id: 'well', run: 'exec sleep 600' },
    ]);
    expect((await cluster.reported('sick', 'TASK_KILLED')).status.healthy).toBe(false);
    await cluster.reported('well', 'TASK_KILLED');
    await cluster.executorEnd(pod);
  });

  it('leave nothing behind', async () => {
    await launch([{ id: 'last', run: 'true' }]);
    await cluster.reported('last', 'TASK_FINISHED');
    await cluster.executorEnd(`pod-${count}`);
    expect(readdirSync(join(workDir, 'run/containers'))).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  return startTicks(pid) !== '';
}

function startTicks(pid: number): string {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    return rest.startsWith('Z') ? '' : (rest.split(' ')[19] ?? '');
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
