import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskInfo } from '@tranche/mesos-api';
import { type FrameworkEvent, isTerminal, Scheduler } from '@tranche/scheduler';
import {
  amqpUrl,
  brokerMissing,
  CertificateAuthority,
  type CertificateFiles,
  mysqlMissing,
  mysqlUrl,
} from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, LocalCluster, start } from './local-cluster.js';

const EXECUTOR = join(import.meta.dirname, '../executors/json-executor.mjs');
const missing = brokerMissing() ?? mysqlMissing();

describe.skipIf(missing !== undefined)(`a cluster that speaks HTTPS ${missing ?? ''}`, () => {
  let folder: string;
  let files: CertificateFiles;
  let cluster: LocalCluster;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-tls-'));
    files = new CertificateAuthority(folder).sign('cluster');
    const { certFile, keyFile, caFile } = files;
    const env = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CA_FILE: caFile, TRANCHE_CA_FILE: caFile };
    // Two of each service: what one does not work on it relays to the other.
    const mesh = ['--broker', await amqpUrl(), '--database', await mysqlUrl(), '--replicas', '2'];
    cluster = await LocalCluster.startWith(env, ...mesh, '--agents', '1', '--resources', 'cpus:4;mem:2048;disk:4096');
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  });

  it('has checked itself, and serves nothing in plain', async () => {
    expect(cluster.output).toMatch(/✔ self-check {2}a task ran/);
    const { processes } = JSON.parse(readFileSync(join(cluster.data, 'running.json'), 'utf8')) as {
      processes: readonly { readonly name: string; readonly address: string }[];
    };
    expect(processes.map(({ address }) => new URL(address).protocol)).toEqual(Array(9).fill('https:'));
    const addresses = [cluster.url, ...processes.flatMap(({ name, address }) => (name === 'agent1' ? [] : [address]))];
    for (const address of addresses) {
      const answer = await fetch(`${address.replace('https:', 'http:')}/state`);
      expect([answer.status, await answer.text()]).toEqual([400, `this port speaks HTTPS: ask for ${address}/state\n`]);
    }
  });

  it('runs a task for who trusts it, and relays its log and files from the agent', async () => {
    const run = await cluster.tranche('run', '--name', 'hello', '--', 'echo hello > file; cat file');
    expect([run.status, run.stdout]).toEqual([0, expect.stringContaining('hello')]);
    expect(await cluster.tranche('logs', 'hello')).toMatchObject({ status: 0, stdout: 'hello\n' });
    expect(await cluster.tranche('fs', 'cat', 'hello:file')).toMatchObject({ status: 0, stdout: 'hello\n' });
    const { status, stderr } = await start(process.execPath, [CLI, '-u', cluster.url, 'agent', 'ls']).finished;
    expect([status, stderr]).toEqual([5, expect.stringMatching(/certificate|signed/)]);
  });

  it('shows of each process that it is ready', async () => {
    const { status, stdout } = await cluster.local('status');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/✔ agent1 .*https:/)]);
  });

  it("takes calls of executors in plain, from the agent's own machine", async () => {
    const framework = { user: 'root', name: 'executors', checkpoint: true };
    const scheduler = new Scheduler({ url: cluster.url, framework, ca: readFileSync(files.caFile, 'utf8') });
    const states: string[] = [];
    for await (const event of scheduler) {
      if (event.type === 'offers' && states.length === 0) {
        states.push('launched');
        await launch(scheduler, event);
      }
      if (event.type !== 'update') continue;
      states.push(`${event.status.source}: ${event.status.state}`);
      if (isTerminal(event.status.state)) await scheduler.teardown();
    }
    expect(states.at(-1)).toBe('SOURCE_EXECUTOR: TASK_FINISHED');
  });

  async function launch(scheduler: Scheduler, { offers }: Extract<FrameworkEvent, { type: 'offers' }>): Promise<void> {
    const [offer] = offers;
    if (offer === undefined) throw new Error('no offer');
    const resources: TaskInfo['resources'] = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 64 } },
    ];
    const command = { shell: false, value: process.execPath, arguments: ['node', EXECUTOR] };
    const executor = { executor_id: { value: 'e' }, command, resources };
    const named = { name: 'finish', task_id: { value: 'done' }, agent_id: offer.agent_id };
    await scheduler.launch(offer, [{ ...named, resources, executor }]);
  }
});
