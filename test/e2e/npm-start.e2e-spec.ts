import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMesh } from '../mesh.config.js';
import { freePorts, LocalCluster, startAndFail } from './local-cluster.js';

const LOCAL_PARTS = [
  /✔ broker {6}in process/,
  /✔ database {4}SQLite .*tranche\.db, \d+ migrations/,
  /✔ services {4}registry {2}allocator {2}offers {2}quota/,
];
/** Passwords are not told. */
const MESH_PARTS = [
  /✔ broker {6}RabbitMQ \d\S* amqp:\/\/guest:\*{8}@/,
  /✔ database {4}M(aria|y)\S* \d\S* mysql:\/\/.*, \d+ migrations/,
  /✔ services {4}2 × registry {2}2 × allocator {2}2 × offers {2}2 × quota/,
];

describe('npm start', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start();
  });
  afterAll(() => cluster?.stop());

  it('says of each part that it is up, and where to go', () => {
    const lines = cluster.output.split('\n');
    expect(lines[0]).toMatch(/^Tranche \d+\.\d+\.\d+ · local cluster$/);
    for (const part of isMesh ? MESH_PARTS : LOCAL_PARTS) expect(cluster.output).toMatch(part);
    expect(cluster.output).toMatch(/✔ agents {6}3 × cpus \d.* mem .* disk .* 1,000 ports {6}containers: \S+/);
    expect(cluster.output).toMatch(/Ready in \d+\.\d s/);
    expect(cluster.output).toContain(`Mesos API   ${cluster.url}/api/v1/scheduler`);
    expect(cluster.output).toMatch(/npx tranche (-u \S+ )?run --name hello/);
  });

  it('has run a task through the whole cycle and tells its time', async () => {
    expect(cluster.output).toMatch(/✔ self-check {2}a task ran .* in \d+ ms/);
    const { tasks } = await cluster.get<{ tasks: { id: string; state: string }[] }>('/tasks');
    expect(tasks).toMatchObject([{ id: 'self-check', state: 'TASK_FINISHED' }]);
  });

  it('refuses a second cluster on the same data folder and names the first', async () => {
    const second = await startAndFail('--data', cluster.data, '--port', String(await freePorts()));
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(`is running already (pid ${cluster.pid})`);
  });

  it('starts again on what it has kept', async () => {
    await cluster.crash();
    await cluster.up();
    const { tasks } = await cluster.get<{ tasks: { id: string }[] }>('/tasks?limit=-1');
    expect(tasks.length).toBeGreaterThanOrEqual(1);
  });
});

describe('npm start that cannot', () => {
  let folder: string;
  let server: Server;
  let takenPort: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-e2e-'));
    takenPort = await freePorts();
    server = createServer();
    await new Promise<void>((resolve) => server.listen(takenPort, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('names the process that has the port, and the way out', async () => {
    const ended = await startAndFail('--port', String(takenPort), '--data', join(folder, 'a'));
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(`port ${takenPort} is in use by`);
    expect(ended.stderr).toContain(`(pid ${process.pid})`);
    expect(ended.stderr).toContain('--port');
  });

  it('refuses an unknown flag with the nearest known one and exit code 2', async () => {
    const ended = await startAndFail('--dta', folder);
    expect([ended.status, ended.stderr]).toEqual([2, expect.stringContaining('--data')]);
  });

  it('refuses resources that it cannot read', async () => {
    const ended = await startAndFail('--resources', 'cpus:many', '--data', join(folder, 'r'));
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('cpus');
  });

  it('leaves a folder alone that is not its own', async () => {
    const other = join(folder, 'b');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.txt'), 'x');
    const ended = await startAndFail('--data', other, '--reset');
    expect([ended.status, readdirSync(other)]).toEqual([1, ['thesis.txt']]);
    expect(ended.stderr).toContain(`${other} is not empty and is no data folder of Tranche`);
  });

  it('leaves a folder alone that a newer version has written', async () => {
    const newer = join(folder, 'c');
    mkdirSync(newer);
    writeFileSync(join(newer, 'tranche.json'), '{"kind":"tranche-local","format":99,"version":"9.0.0"}');
    const ended = await startAndFail('--data', newer);
    expect([ended.status, readdirSync(newer)]).toEqual([1, ['tranche.json']]);
    expect(ended.stderr).toContain('was written by Tranche 9.0.0');
  });
});
