import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { amqpUrl, brokerMissing } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentProcess } from '../faults/agent-kill/agent-process.js';
import { removeCgroups } from '../faults/agent-kill/remove-cgroups.js';
import { LocalCluster } from './local-cluster.js';

/** Several times as long as it takes to find a dead agent. */
const BUSY_MS = 15_000;
/** Time enough to find it on a busy machine, too. */
const PATIENT = { interval: 50, timeout: 60_000 };
/** Each core has as many others to serve as this, at the same priority. */
const SPINNERS_PER_CORE = 4;

interface Standing {
  readonly active: number;
  readonly inactive: number;
  readonly disconnected: number;
  readonly unreachable: number;
  /** An agent that was taken for silent registers again as soon as it is heard. */
  readonly reregistrations: number;
}

const missing = brokerMissing();

describe.skipIf(missing)(`liveness of agents over RabbitMQ, with the default settings ${missing ?? ''}`, () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--broker', await amqpUrl(), '--processes', '--agents', '2');
  });
  afterAll(() => cluster?.stop());

  const standing = async (): Promise<Standing> => {
    const metrics = await cluster.get<Record<string, number>>('/metrics/snapshot');
    const of = (name: string): number => metrics[`master/${name}`] ?? Number.NaN;
    return {
      active: of('slaves_active'),
      inactive: of('slaves_inactive'),
      disconnected: of('slaves_disconnected'),
      unreachable: of('slaves_unreachable'),
      reregistrations: of('slave_reregistrations'),
    };
  };
  const pidOf = (name: string): number => {
    const facts = JSON.parse(readFileSync(join(cluster.data, 'running.json'), 'utf8')) as {
      processes: { name: string; pid: number }[];
    };
    const found = facts.processes.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no process ${name}`);
    return found.pid;
  };

  it('takes nobody for dead while all cores are busy', async () => {
    const before = await standing();
    expect(before).toMatchObject({ active: 2, inactive: 0, unreachable: 0 });
    const spinners = Array.from({ length: SPINNERS_PER_CORE * availableParallelism() }, spin);
    try {
      await delay(BUSY_MS);
      expect(await standing()).toEqual(before);
    } finally {
      for (const spinner of spinners) spinner.kill('SIGKILL');
    }
  });

  it('finds an agent that has stopped, and takes it back when it goes on', async () => {
    const { reregistrations } = await standing();
    const pid = pidOf('agent2');
    process.kill(pid, 'SIGSTOP');
    try {
      await expect.poll(standing, PATIENT).toMatchObject({ active: 1, inactive: 1, disconnected: 1 });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await expect.poll(standing, PATIENT).toMatchObject({ active: 2, inactive: 0, disconnected: 0, unreachable: 0 });
    // More than once if the broker, too, has missed it meanwhile.
    expect((await standing()).reregistrations).toBeGreaterThan(reregistrations);
  });

  // One that nobody starts again, as the local cluster does with its own.
  it('finds an agent that was killed, and takes it back when it is started again', async ({ annotate }) => {
    const folder = mkdtempSync(join(tmpdir(), 'tranche-liveness-'));
    const cgroupsRoot = `tranche-liveness-${process.pid}`;
    const agent = new AgentProcess({
      ...brokerOptionsOf(pidOf('agent2')),
      HTTP_PORT: '0',
      AGENT_WORK_DIR: join(folder, 'agent'),
      AGENT_RUNTIME_DIR: join(folder, 'run'),
      AGENT_CGROUPS_ROOT: cgroupsRoot,
      AGENT_RESOURCES: 'cpus:1;mem:256;disk:256',
    });
    try {
      await agent.start();
      await expect.poll(standing, PATIENT).toMatchObject({ active: 3, inactive: 0 });
      const killedMs = performance.now();
      await agent.kill();
      await expect.poll(standing, PATIENT).toMatchObject({ active: 2, inactive: 1, disconnected: 1, unreachable: 0 });
      await annotate(`a killed agent was found after ${((performance.now() - killedMs) / 1000).toFixed(1)} s`);
      await agent.start();
      await expect.poll(standing, PATIENT).toMatchObject({ active: 3, inactive: 0, unreachable: 0 });
    } finally {
      await agent.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
      await removeCgroups(cgroupsRoot);
    }
  });
});

/** How a process of the cluster reaches the others. */
const brokerOptionsOf = (pid: number): Record<string, string> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((variable) => variable.startsWith('BROKER_'))
      .map((variable) => [variable.slice(0, variable.indexOf('=')), variable.slice(variable.indexOf('=') + 1)]),
  );

const spin = (): ChildProcess => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
