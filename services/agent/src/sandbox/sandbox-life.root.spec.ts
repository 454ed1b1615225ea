import 'reflect-metadata';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutorInfo } from '@tranche/mesos-api';
import { executorInfo } from '../testing/executor.builder.js';
import { amounts, RootAgent } from '../testing/root-agent.js';
import { frameworkInfo, taskInfo } from '../testing/task.builder.js';

const DAY_MS = 24 * 60 * 60_000;

/** The whole agent, with quotas enforced and disks looked at often. */
describe('the sandbox of a task', () => {
  let agent: RootAgent;
  const often = { containerDiskWatchIntervalMs: 100, diskWatchIntervalMs: 100 };

  beforeAll(async () => {
    agent = await RootAgent.start('sandbox', { ...often, enforceContainerDiskQuota: true });
  });
  afterAll(() => agent.remove());

  const statistics = async (taskId: string): Promise<Record<string, unknown> | undefined> => {
    const list = (await (await agent.get('/monitor/statistics')).json()) as {
      executor_id: string;
      statistics: Record<string, unknown>;
    }[];
    return list.find(({ executor_id }) => executor_id === taskId)?.statistics;
  };

  it('may take as much disk as the task has, and no more', async () => {
    const task = await agent.launch('head -c 8000000 /dev/zero > hog; sleep 60', { resources: amounts({ disk: 4 }) });
    const { status } = await agent.cluster.reported(task, 'TASK_FAILED');
    expect(status).toMatchObject({
      source: 'SOURCE_AGENT',
      reason: 'REASON_CONTAINER_LIMITATION_DISK',
      limitation: { resources: [{ name: 'disk', scalar: { value: 4 } }] },
    });
    expect(status.message).toMatch(/^Disk usage \(\S+\) exceeds quota \(4MB\)$/);
  });

  it('holds for a task group as a whole, and ends it as one', async () => {
    const { command: _none, ...custom } = executorInfo();
    const executor: ExecutorInfo = { ...custom, type: 'DEFAULT', resources: amounts({ disk: 1 }) };
    const tasks = [
      ['hog', 'head -c 8000000 /dev/zero > hog; sleep 60', 2],
      ['peer', 'sleep 60', 1],
    ] as const;
    const infos = tasks.map(([id, value, disk]) =>
      taskInfo({ task_id: { value: id }, command: { value }, resources: amounts({ disk }), executor }),
    );
    const at = { agentId: 'S0', frameworkId: 'F', framework: frameworkInfo(), role: 'dev', traceId: 'a'.repeat(32) };
    await agent.cluster.launchGroup('S0', { ...at, executor, taskGroup: { tasks: infos } });
    for (const [id] of tasks) {
      const { status } = await agent.cluster.reported(id, 'TASK_FAILED');
      expect(status).toMatchObject({
        reason: 'REASON_CONTAINER_LIMITATION_DISK',
        message: expect.stringMatching(/^Disk usage \(\S+\) exceeds quota \(4MB\)$/),
        limitation: { resources: [{ name: 'disk', scalar: { value: 4 } }] },
      });
    }
  });

  it('is shown with what it takes', async () => {
    const task = await agent.launch('head -c 1000000 /dev/zero > some; sleep 60', { resources: amounts({ disk: 4 }) });
    await agent.cluster.reported(task, 'TASK_RUNNING');
    const used = async () => Number((await statistics(task))?.['disk_used_bytes'] ?? 0);
    await expect.poll(used, { timeout: 20_000 }).toBeGreaterThan(1_000_000);
    const shown = await statistics(task);
    expect(shown?.['disk_limit_bytes']).toBe(4 * 1024 * 1024);
    expect(shown?.['disk_statistics']).toMatchObject([{ limit_bytes: 4 * 1024 * 1024 }]);
    await agent.cluster.kill('S0', task);
    await agent.cluster.reported(task, 'TASK_KILLED');
  });

  it('can be read after its end, until the date that is told', async () => {
    const task = await agent.launch('echo still here');
    await agent.cluster.reported(task, 'TASK_FINISHED');
    const { sandboxUntilMs = 0 } = await agent.cluster.detail(
      ({ taskId, sandboxUntilMs: until }) => taskId === task && until !== undefined,
    );
    expect(sandboxUntilMs).toBeLessThanOrEqual(Date.now() + 7 * DAY_MS);
    expect(await agent.sandboxFile(task, 'stdout')).toBe('still here\n');
  });

  it('is removed when its time is over, with the folders above it', async () => {
    await agent.agent.stop({ killTasks: true });
    agent.more.gcDelayMs = 1;
    await agent.up();
    const slaves = join(agent.workDir, 'slaves');
    await expect
      .poll(() => readdirSync(slaves, { recursive: true }), { timeout: 20_000 })
      .toEqual(['S0', 'S0/frameworks']);
    const task = await agent.launch('sleep 60');
    const { status } = await agent.cluster.reported(task, 'TASK_RUNNING');
    const sandbox = `S0/frameworks/F/executors/${task}/runs/${status.container_status?.container_id?.value}`;
    const short = await agent.launch('true');
    await agent.cluster.reported(short, 'TASK_FINISHED');
    const removed = join(slaves, 'S0/frameworks/F/executors', short);
    await expect.poll(() => existsSync(removed), { timeout: 20_000 }).toBe(false);
    expect(existsSync(join(slaves, sandbox))).toBe(true);
    await agent.cluster.kill('S0', task);
    await expect.poll(() => existsSync(join(slaves, sandbox)), { timeout: 20_000 }).toBe(false);
  });
});
