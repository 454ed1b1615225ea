import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { amqpUrl, brokerMissing, mysqlMissing, mysqlUrl } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster, startAndFail } from './local-cluster.js';

const missing = brokerMissing() ?? mysqlMissing();

interface Facts {
  readonly pid: number;
  readonly url: string;
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly restarts: number }[];
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.skipIf(missing)(`a cluster of separate processes over RabbitMQ and MariaDB ${missing ?? ''}`, () => {
  let cluster: LocalCluster;
  let flags: string[];
  beforeAll(async () => {
    const [broker, database] = await Promise.all([amqpUrl(), mysqlUrl()]);
    flags = ['--broker', broker, '--database', database, '--processes', '--agents', '2'];
    cluster = await LocalCluster.start(...flags);
  }, 240_000);
  afterAll(async () => {
    await cluster.stop();
  });

  const facts = (): Facts => JSON.parse(readFileSync(join(cluster.data, 'running.json'), 'utf8')) as Facts;
  const of = (name: string) => facts().processes.find((one) => one.name === name);
  const local = (command: string) => startAndFail(command, '--data', cluster.data);

  it('says what it stands on, without its passwords', () => {
    const stdout = cluster.output;
    expect(stdout).toMatch(/✔ broker +RabbitMQ [\d.]+ amqp:\/\/guest:\*{8}@127\.0\.0\.1/);
    expect(stdout).toMatch(/✔ database +MariaDB [\d.]+ mysql:\/\/.+, \d+ migrations/);
    expect(stdout).toMatch(/✔ services +registry {2}allocator {2}offers {2}quota/);
    expect(stdout).toMatch(/✔ self-check/);
  });

  it('runs a task through the public address', async () => {
    const run = await cluster.tranche('run', '--name', 'apart', '--', 'echo over the wire');
    expect([run.status, run.stdout]).toEqual([0, expect.stringContaining('over the wire')]);
  });

  it('shows each process, and that it is ready', async () => {
    const status = await local('status');
    expect([status.status, status.stderr]).toEqual([0, '']);
    for (const name of ['registry', 'allocator', 'offers', 'quota', 'agent1'])
      expect(status.stdout).toContain(`✔ ${name}`);
  });

  it('starts a service again that was killed, and goes on with it', async () => {
    const before = of('offers');
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await cluster.until(/✘ offers +ended \(SIGKILL\), started again in 0\.5 s/);
    await cluster.until(/✔ offers +serves again/);
    expect(of('offers')).toMatchObject({ restarts: 1, lastEnd: 'SIGKILL' });
    const run = await cluster.tranche('run', '--name', 'again', '--', 'echo and on');
    expect([run.status, run.stdout]).toEqual([0, expect.stringContaining('and on')]);
    const tasks = await cluster.tranche('ps', '--all');
    expect(tasks.stdout).toContain('apart');
  });

  it('goes on without an agent that was declared gone, now and after a new start', async () => {
    const gone = await cluster.tranche('agent', 'gone', 'agent2', '--yes');
    expect([gone.status, gone.stdout]).toEqual([0, expect.stringContaining('declared agent2 gone')]);
    await cluster.until(/✘ agent2 +refused: .*declared gone.*, started again in 30 s/);
    expect((await local('status')).stdout).toMatch(/✘ agent2 +refused: .*declared gone/);
    await cluster.crash();
    await cluster.up();
    expect(cluster.output).toMatch(/✔ agents +1 × [^]+✘ agent2 +refused: .*declared gone/);
    const run = await cluster.tranche('run', '--name', 'left', '--', 'echo with one agent');
    expect([run.status, run.stdout]).toEqual([0, expect.stringContaining('with one agent')]);
  });

  it('ends by its command with everything that it has started', async () => {
    const { pid, processes } = facts();
    const down = await local('down');
    expect([down.status, down.stdout]).toEqual([0, expect.stringContaining('stopped')]);
    expect([pid, ...processes.map((one) => one.pid)].filter(isRunning)).toEqual([]);
    expect((await local('status')).status).toBe(5);
  });

  it('says why it does not start when there is no broker', async () => {
    const refused = await startAndFail(
      'up',
      '--data',
      `${cluster.data}-2`,
      '--broker',
      'amqp://guest:s3cret@127.0.0.1:9/',
    );
    expect(refused.status).toBe(1);
    expect(refused.stdout).toMatch(/✘ broker +failed/);
    expect(refused.stderr).toMatch(
      /^error: cannot use the broker amqp:\/\/guest:\*{8}@127\.0\.0\.1:9\/: .*ECONNREFUSED/,
    );
  });
});
