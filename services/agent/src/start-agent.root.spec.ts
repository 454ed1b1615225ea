import 'reflect-metadata';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import type { TaskInfo } from '@tranche/mesos-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { agentOptions } from './agent.config.js';
import { type RunningAgent, startAgent } from './start-agent.js';
import { FakeControlPlane } from './testing/fake-control-plane.js';
import { launchOf } from './testing/task-world.js';

/** The whole agent with the containerizer that this machine has; only the control plane around it is played. */
describe('an agent with real containers', () => {
  let workDir: string;
  let agent: RunningAgent;
  const cluster = new FakeControlPlane();
  const cgroupsRoot = `tranche-test-${process.pid}`;
  let count = 0;

  const start = async (): Promise<RunningAgent> => {
    const runtimeDir = join(workDir, 'run');
    const config = configWith(agentOptions, {
      ...{ workDir, runtimeDir, cgroupsRoot, httpPort: 0, resources: 'cpus:4;mem:2048' },
    });
    return startAgent({ config, host: cluster.host() });
  };
  /** Launches a command as task of its own. @returns its id */
  const launch = async (command: string, more: Partial<TaskInfo> = {}): Promise<string> => {
    const taskId = `task-${++count}`;
    await cluster.launch('S0', launchOf({ task_id: { value: taskId }, command: { value: command }, ...more }));
    return taskId;
  };
  const mem = (value: number): TaskInfo['resources'] => [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value } },
  ];
  const stdout = async (taskId: string): Promise<string> => {
    const path = `/frameworks/F/executors/${taskId}/runs/latest/stdout`;
    return (await fetch(`http://127.0.0.1:${agent.port}/files/download?path=${path}`)).text();
  };

  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'agent-root-'));
    agent = await start();
  });
  afterEach(() => cluster.reports.splice(0));
  afterAll(async () => {
    await agent.stop({ killTasks: true });
    await rm(workDir, { recursive: true });
    await removeCgroups(cgroupsRoot);
  });

  it('runs a command in a sandbox and tells its exit status', async () => {
    const task = await launch('echo "hello from $MESOS_EXECUTOR_ID"; pwd; exit 3');
    const { status } = await cluster.reported(task, 'TASK_FAILED');
    expect(status.message).toBe('Command exited with status 3');
    expect(cluster.states(task)).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED']);
    const [greeting, folder] = (await stdout(task)).split('\n');
    expect(greeting).toBe(`hello from ${task}`);
    expect(folder).toContain(status.container_status?.container_id?.value);
  });

  it('runs many tasks at a time', async () => {
    const tasks = await Promise.all(Array.from({ length: 20 }, () => launch('sleep 0.2', { resources: mem(32) })));
    await Promise.all(tasks.map((task) => cluster.reported(task, 'TASK_FINISHED')));
  });

  const armedFolder = mkdtempSync(join(tmpdir(), 'tranche-armed-'));
  afterAll(() => rmSync(armedFolder, { recursive: true }));

  it('ends a task that asks for it with SIGTERM, and one that does not with SIGKILL', async () => {
    const armed = (name: string): string => join(armedFolder, name);
    const polite = await launch(`trap 'exit 0' TERM; touch ${armed('polite')}; while :; do sleep 0.05; done`);
    const stubborn = await launch(`trap '' TERM; touch ${armed('stubborn')}; while :; do sleep 0.05; done`, {
      kill_policy: { grace_period: { nanoseconds: 300e6 } },
    });
    await Promise.all([polite, stubborn].map((task) => cluster.reported(task, 'TASK_RUNNING')));
    // It runs before its shell has set the trap.
    await expect.poll(() => ['polite', 'stubborn'].every((name) => existsSync(armed(name)))).toBe(true);
    await Promise.all([polite, stubborn].map((task) => cluster.kill('S0', task)));
    expect((await cluster.reported(polite, 'TASK_KILLED')).status.message).toBe('Command exited with status 0');
    expect((await cluster.reported(stubborn, 'TASK_KILLED')).status.message).toBe(
      'Command terminated with signal Killed',
    );
  });

  it('ends a task that takes more memory than it has, and says so', async (context) => {
    if (agent.containers.includes('not enforced')) context.skip(`no memory limits here: ${agent.containers}`);
    const task = await launch('head -c 200000000 /dev/zero | tail', { resources: mem(32) });
    const { status } = await cluster.reported(task, 'TASK_FAILED');
    expect(status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_CONTAINER_LIMITATION_MEMORY' });
    expect(status.message).toContain('Memory limit exceeded');
    expect(status.limitation?.resources?.[0]).toMatchObject({ name: 'mem' });
  });

  it('shows what a container uses', async () => {
    const task = await launch('sleep 60');
    await cluster.reported(task, 'TASK_RUNNING');
    const containers = (await (await fetch(`http://127.0.0.1:${agent.port}/containers`)).json()) as {
      executor_id: string;
    }[];
    expect(containers.find(({ executor_id }) => executor_id === task)).toMatchObject({
      statistics: { timestamp: expect.any(Number) },
    });
    await cluster.kill('S0', task);
    await cluster.reported(task, 'TASK_KILLED');
  });

  it('finds a running task again, with the same process, and one that ended meanwhile, with its exit status', async () => {
    const running = await launch('sleep 60');
    const ending = await launch('sleep 0.3; exit 42');
    const pid = (await cluster.reported(running, 'TASK_RUNNING')).status.container_status?.executor_pid ?? 0;
    const ends = (await cluster.reported(ending, 'TASK_RUNNING')).status.container_status?.executor_pid ?? 0;
    const before = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21];
    await agent.stop({ killTasks: false });
    while (existsSync(`/proc/${ends}`)) await new Promise((resolve) => setTimeout(resolve, 20));
    agent = await start();
    expect((await cluster.reported(ending, 'TASK_FAILED')).status.message).toBe('Command exited with status 42');
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21]).toBe(before);
    await cluster.kill('S0', running);
    await cluster.reported(running, 'TASK_KILLED');
  });

  it('says why a program cannot be run', async () => {
    const task = await launch('', { command: { shell: false, value: '/no/such/program' } });
    const { status } = await cluster.reported(task, 'TASK_FAILED');
    expect(status).toMatchObject({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(status.message).toContain('/no/such/program');
  });
});

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
