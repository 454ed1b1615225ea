import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

interface TaskRow {
  id: string;
  name: string;
  state: string;
  cause?: string;
  healthy?: boolean;
  statuses: { state: string; reason?: string; message?: string; healthy?: boolean }[];
}

/** What agents do for tasks beside running them, through the whole cluster: checks, files, disk. */
describe('the care that is taken of a task', () => {
  let cluster: LocalCluster;
  let folder: string;
  let server: Server;
  let base: string;
  const held: ServerResponse[] = [];

  beforeAll(async () => {
    cluster = await LocalCluster.start();
    folder = mkdtempSync(join(tmpdir(), 'care-'));
    writeFileSync(join(folder, 'run.sh'), 'echo fetched and unpacked\n');
    execFileSync('tar', ['-czf', 'app.tgz', 'run.sh'], { cwd: folder });
    server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-length': '100' }).write('x'.repeat(61));
      held.push(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await cluster?.stop();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const task = async (name: string): Promise<TaskRow | undefined> => {
    const { items } = await cluster.get<{ items: TaskRow[] }>(`/v1/tasks?name=${name}`);
    return items[0];
  };
  const runFile = (name: string, text: string): string => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, text);
    return file;
  };

  it('tells that a task is healthy by a page that it serves', async () => {
    const program = `require('http').createServer((q, a) => a.end('ok')).listen(process.env.PORT0, '127.0.0.1')`;
    const file = runFile(
      'page',
      JSON.stringify({
        ...{ name: 'page', shell: false, command: [process.execPath, '-e', program] },
        ...{ resources: { ports: 1 }, health: { http: '/', interval: '200ms', grace: '30s' } },
      }),
    );
    await cluster.tranche('run', '--detach', file);
    expect((await cluster.tranche('wait', 'page', '--for', 'healthy', '--timeout', '40s')).status).toBe(0);
    expect((await cluster.tranche('ps', 'page')).stdout).toMatch(/page\s+running\s+healthy/);
    await cluster.tranche('kill', 'page', '-y');
  });

  it('ends a task that is not healthy, and counts its failures for people', async () => {
    const file = runFile(
      'sick',
      'name: sick\ncommand: sleep 300\nhealth: {command: exit 1, interval: 100ms, grace: 0s, failures: 3}\n',
    );
    const ended = await cluster.tranche('run', file);
    expect(ended.status).not.toBe(0);
    const row = await task('sick');
    expect(row).toMatchObject({ state: 'TASK_KILLED', healthy: false, cause: 'unhealthy 3/3' });
    expect(row?.statuses.at(-1)).toMatchObject({ state: 'TASK_KILLED', healthy: false });
    expect((await cluster.tranche('ps', '--all', 'sick')).stdout).toMatch(/unhealthy\s+unhealthy 3\/3/);
  });

  it('brings the files of a task into its sandbox, unpacked', async () => {
    const ended = await cluster.tranche('run', '--uri', join(folder, 'app.tgz'), '--', 'sh', './run.sh');
    expect(ended).toMatchObject({ stdout: 'fetched and unpacked\n', status: 0 });
  });

  it('tells what is wrong with a file', async () => {
    const missing = join(folder, 'missing.tgz');
    const ended = await cluster.tranche('run', '--name', 'without', '--uri', missing, '--', 'true');
    expect(ended.status).not.toBe(0);
    const row = await task('without');
    expect(row?.statuses.at(-1)).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(row?.statuses.at(-1)?.message).toContain(`'${missing}': no such file`);
  });

  it('tells how far a fetch is while a task waits for it', async () => {
    const run = cluster.cli('run', '--name', 'slow', '--uri', `${base}/data`, '--', 'cat', 'data');
    await expect.poll(async () => (await task('slow'))?.cause, { timeout: 30_000 }).toBe('fetching 61%');
    for (const answer of held) answer.end('y'.repeat(39));
    expect((await run.finished).stdout).toBe('x'.repeat(61) + 'y'.repeat(39));
    expect((await task('slow'))?.cause).toBe('exit 0');
  });
});
