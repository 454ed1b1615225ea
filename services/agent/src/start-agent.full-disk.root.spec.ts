import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import type { ReportTaskStatus } from '@tranche/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOptions } from './agent.config.js';
import { type RunningAgent, startAgent } from './start-agent.js';
import { FakeContainerizer, FakeNode } from './testing/fake-containerizer.js';
import { FakeControlPlane } from './testing/fake-control-plane.js';
import { launchOf } from './testing/task-world.js';

/** An agent whose work directory is on a disk of its own, which can be filled to the last block. */
describe('an agent on a full disk', () => {
  const cluster = new FakeControlPlane();
  const node = new FakeNode();
  let workDir: string;
  let agent: RunningAgent;
  let containers: FakeContainerizer;

  const start = async (): Promise<void> => {
    containers = new FakeContainerizer(node);
    const config = configWith(agentOptions, { workDir, httpPort: 0, switchUser: false, resources: 'cpus:4;mem:512' });
    agent = await startAgent({ config, host: cluster.host(), containerizer: containers });
  };
  const fill = async (): Promise<void> => {
    const file = await open(join(workDir, 'filler'), 'a');
    const block = Buffer.alloc(4_096);
    try {
      for (;;) await file.write(block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close();
    }
  };
  const launch = (taskId: string): Promise<void> => cluster.launch('S0', launchOf({ task_id: { value: taskId } }));
  /** Launches a task. @returns the first that is told of it */
  const first = async (taskId: string): Promise<ReportTaskStatus> => {
    await launch(taskId);
    return cluster.begun(taskId);
  };
  const containerOf = async (taskId: string): Promise<string> => {
    const { status } = await cluster.reported(taskId, 'TASK_RUNNING');
    return status.container_status?.container_id?.value ?? '';
  };

  beforeAll(async () => {
    workDir = mkdtempSync(join(tmpdir(), 'tranche-full-agent-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', workDir]);
    await start();
  });
  afterAll(async () => {
    await agent.stop({ killTasks: false });
    execFileSync('umount', ['--lazy', workDir]);
    rmSync(workDir, { recursive: true });
  });

  it('tells how running tasks end, and refuses new ones with the reason', async () => {
    await launch('before');
    const containerId = await containerOf('before');
    await fill();
    containers.end(containerId, { waitStatus: 7 * 256 });
    expect((await cluster.reported('before', 'TASK_FAILED')).status.message).toBe('Command exited with status 7');
    // The last block of the journal may have room for one more.
    let { status } = await first('more-0');
    for (let i = 1; status.state === 'TASK_STARTING'; i++) ({ status } = await first(`more-${i}`));
    expect(status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(status.message).toBe(
      `Task cannot be checkpointed: no space left on the agent's disk, in ${join(workDir, 'meta')}`,
    );
  });

  it('starts, too, with everything that it knew', async () => {
    await agent.stop({ killTasks: false });
    await fill();
    await start();
    expect(agent.agentId).toBe('S0');
    await launch('waits');
  });

  it('takes tasks again when there is room', async () => {
    expect(cluster.reports.some(({ taskId }) => taskId === 'waits')).toBe(false);
    await rm(join(workDir, 'filler'));
    await cluster.reported('waits', 'TASK_LOST');
    let count = 0;
    const state = async () => (await first(`after-${count++}`)).status.state;
    await expect.poll(state, { timeout: 10_000 }).toBe('TASK_STARTING');
  });
});
