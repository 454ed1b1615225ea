import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthCheck, TaskInfo } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RootAgent } from '../testing/root-agent.js';
import { ContainerProbe } from './container.probe.js';

/** A task that is slow to come up, on a busy machine, is not to be ended for it. */
const PATIENT = { consecutive_failures: 1_000 };
const OFTEN = { delay_seconds: 0.05, interval_seconds: 0.05, grace_period_seconds: 0, timeout_seconds: 5 } as const;
const never = new AbortController().signal;

/** The whole agent: real containers, real processes in them. */
describe('the checks of tasks in real containers', () => {
  let agent: RootAgent;
  const health = (taskId: string, healthy: boolean) =>
    agent.cluster.report(({ taskId: id, status }) => id === taskId && status.healthy === healthy);
  const command = (value: string, more: Partial<HealthCheck> = {}): Partial<TaskInfo> => ({
    health_check: { type: 'COMMAND', command: { value }, ...OFTEN, ...more },
  });

  beforeAll(async () => {
    agent = await RootAgent.start('checks');
  });
  afterAll(() => agent.remove());

  it('end a task that fails its command, with TASK_KILLED and healthy false', async () => {
    const task = await agent.launch('touch well; sleep 60', command('test -e well', PATIENT));
    expect((await health(task, true)).status).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
      source: 'SOURCE_EXECUTOR',
    });
    const second = await agent.launch('sleep 60', command('exit 1', { consecutive_failures: 2 }));
    const { status } = await agent.cluster.reported(second, 'TASK_KILLED');
    expect(status).toMatchObject({ healthy: false, source: 'SOURCE_EXECUTOR' });
    const updates = agent.cluster.reports.filter(({ taskId }) => taskId === second).map(({ status: update }) => update);
    expect(updates.filter(({ state, healthy }) => state === 'TASK_RUNNING' && healthy === false)).toHaveLength(2);
    await agent.cluster.kill('S0', task);
    await agent.cluster.reported(task, 'TASK_KILLED');
  });

  it("run their commands as the task's user, in its sandbox, with its environment and their own, in its namespaces", async () => {
    const script = 'id -un; pwd; echo $OF_TASK $OF_CHECK; readlink /proc/self/ns/pid; cat /proc/self/cgroup';
    const variables = (name: string, value: string) => ({ environment: { variables: [{ name, value }] } });
    const task = await agent.launch('', {
      command: { value: `{ ${script}; } > new && mv new task; sleep 60`, user: 'nobody', ...variables('OF_TASK', 'a') },
      health_check: {
        ...{ type: 'COMMAND', ...OFTEN, ...PATIENT },
        command: {
          value: `OF_CHECK=; test -e task && { ${script}; } > newer && mv newer check`,
          ...variables('OF_CHECK', 'b'),
        },
      },
    });
    await health(task, true);
    expect(await agent.sandboxFile(task, 'check')).toBe(await agent.sandboxFile(task, 'task'));
    expect(await agent.sandboxFile(task, 'check')).toMatch(/^nobody\n/);
    await agent.cluster.kill('S0', task);
    await agent.cluster.reported(task, 'TASK_KILLED');
  });

  it('kill a command that takes too long, with all that it has started, and count it as failed', async () => {
    const task = await agent.launch('sleep 60', {
      health_check: {
        ...{ type: 'COMMAND', ...OFTEN, timeout_seconds: 0.3, consecutive_failures: 1 },
        command: { value: 'sleep 4711 & echo $! > pid; sleep 4711' },
      },
    });
    const { status } = await agent.cluster.reported(task, 'TASK_KILLED');
    expect(status.healthy).toBe(false);
    const found = spawn('pgrep', ['-f', '^sleep 4711$'], { stdio: 'ignore' });
    expect((await once(found, 'exit'))[0]).toBe(1);
  });

  it('tell the results of a check, and go on after the agent has been away', async () => {
    const task = await agent.launch('sleep 60', {
      check: {
        ...{ type: 'COMMAND', delay_seconds: 0.05, interval_seconds: 0.05 },
        command: { command: { value: 'test -e flag && exit 7' } },
      },
    });
    const exitCode = (code: number) =>
      agent.cluster.report(({ taskId, status }) => taskId === task && status.check_status?.command?.exit_code === code);
    const { status } = await exitCode(1);
    expect(status.reason).toBe('REASON_TASK_CHECK_STATUS_UPDATED');
    await agent.down();
    await agent.up();
    const pid = status.container_status?.executor_pid ?? 0;
    const sandbox = join(agent.workDir, 'slaves/S0/frameworks/F/executors', task, 'runs/latest');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await once(spawn('touch', [join(sandbox, 'flag')]), 'exit');
    await exitCode(7);
    await agent.cluster.kill('S0', task);
    await agent.cluster.reported(task, 'TASK_KILLED');
  });

  it('end a task that takes longer than it may', async () => {
    const task = await agent.launch('sleep 60', { max_completion_time: { nanoseconds: 0.2e9 }, ...command('true') });
    const { status } = await agent.cluster.reported(task, 'TASK_FAILED');
    expect(status.reason).toBe('REASON_MAX_COMPLETION_TIME_REACHED');
    expect(agent.cluster.states(task)).not.toContain('TASK_KILLING');
  });

  it('ask ports and pages from within another network namespace', async () => {
    const server =
      'require("http").createServer((q, a) => a.writeHead(q.url === "/ok" ? 200 : 503).end()).listen(8080, () => console.log("up"))';
    const script = `ip link set lo up 2>/dev/null; exec ${process.execPath} -e '${server}'`;
    const inside = spawn('unshare', ['--net', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(inside.stdout, 'data');
      const probe = new ContainerProbe({ runInside: () => Promise.reject(new Error('no command')) }, () => inside.pid);
      const ask = { containerId: 'c', timeoutMs: 20_000, signal: never };
      const at = { host: '127.0.0.1', port: 8080 };
      const page = (path: string) => probe.run({ ...ask, target: { kind: 'http', scheme: 'http', path, ...at } });
      expect(await page('/ok')).toEqual({ kind: 'http', statusCode: 200 });
      expect(await page('/')).toEqual({ kind: 'http', statusCode: 503 });
      expect(await probe.run({ ...ask, target: { kind: 'tcp', ...at } })).toEqual({ kind: 'tcp', succeeded: true });
      expect(await probe.run({ ...ask, target: { kind: 'tcp', ...at, port: 8081 } })).toMatchObject({
        succeeded: false,
      });
      const fromHere = new ContainerProbe(
        { runInside: () => Promise.reject(new Error('no command')) },
        () => process.pid,
      );
      expect(await fromHere.run({ ...ask, target: { kind: 'tcp', ...at, port: 1 } })).toMatchObject({
        succeeded: false,
      });
    } finally {
      inside.kill('SIGKILL');
    }
  });
});
