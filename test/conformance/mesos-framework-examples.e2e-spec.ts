import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster, type Running, start } from '../e2e/local-cluster.js';

const EXAMPLES = join(dirname(createRequire(import.meta.url).resolve('mesos-framework')), 'examples');
const PRELOAD = fileURLToPath(new URL('mesos-framework/reach-cluster.cjs', import.meta.url));

/** Why the other examples cannot be run against a local cluster, here or anywhere. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'commandSchedulerZk.js': 'finds the master in a ZooKeeper, which Tranche does without',
  'dockerSchedulerApacheFlink.js': 'runs Docker images that a registry has no more',
  'dockerSchedulerBridgeNetworking.js': 'runs Docker containers; the local cluster has no Docker',
  'dockerSchedulerHostNetworking.js': 'runs Docker containers; the local cluster has no Docker',
  'dockerSchedulerHostNetworkingZk.js': 'finds the master in a ZooKeeper, and runs Docker containers',
};

interface Task {
  readonly name: string;
  readonly state: string;
}

/** The package's own programs, unchanged, each in a process of its own. */
describe('the examples of mesos-framework', () => {
  let cluster: LocalCluster;
  let folder: string;
  let example: Running | undefined;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1');
    folder = mkdtempSync(join(tmpdir(), 'tranche-examples-'));
    // The examples log to a folder of this name where they are started, and do not make it.
    mkdirSync(join(folder, 'logs'));
  });
  afterAll(async () => {
    example?.process.kill('SIGKILL');
    await example?.finished;
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are the one that is run and those that cannot be, with the reason', () => {
    const programs = readdirSync(EXAMPLES).filter((file) => file.endsWith('.js'));
    expect(programs).toEqual(['commandScheduler.js', ...Object.keys(NOT_RUN)]);
  });

  it('commandScheduler.js subscribes, launches its task and keeps it running', async () => {
    const env = { TRANCHE_PORT: String(cluster.port) };
    example = start(process.execPath, ['--require', PRELOAD, join(EXAMPLES, 'commandScheduler.js')], env, folder);
    const tasks = async () => {
      const { tasks: all } = await cluster.get<{ tasks: Task[] }>('/tasks');
      return all.filter(({ name }) => name.includes('sleepProcesses'));
    };
    await expect
      .poll(async () => (await tasks()).map(({ state }) => state), { timeout: 20_000, interval: 50 })
      .toEqual(['TASK_RUNNING']);
    const { frameworks } = await cluster.get<{ frameworks: { name: string; active: boolean }[] }>('/frameworks');
    expect(frameworks).toMatchObject([{ name: 'My-first-Command-framework', active: true }]);
    // The task sleeps for 10 s; the example starts another when it has ended.
    await expect
      .poll(async () => (await tasks()).map(({ state }) => state).toSorted(), { timeout: 30_000, interval: 100 })
      .toEqual(['TASK_FINISHED', 'TASK_RUNNING']);
  });
});
