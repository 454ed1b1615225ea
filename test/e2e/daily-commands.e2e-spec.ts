import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

describe('what people ask for daily', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start();
    const script = 'echo first; sleep 6; echo second; sleep 300';
    await cluster.tranche('run', '--name', 'writer', '--detach', '--', 'sh', '-c', script);
  });
  afterAll(() => cluster?.stop());

  it('tells when lines were written, and prints those since a time', async () => {
    await expect
      .poll(async () => (await cluster.tranche('logs', 'writer')).stdout, { timeout: 60_000 })
      .toBe('first\nsecond\n');
    const { stdout } = await cluster.tranche('logs', 'writer', '--timestamps');
    expect(stdout).toMatch(new RegExp(`^${TIME} first\n${TIME} second\n$`));
    const [first = 0, second = 0] = stdout.split('\n').map((line) => Date.parse(line.split(' ')[0] ?? ''));
    expect(second - first).toBeGreaterThan(2_000);
    const sinceMs = Date.now() - (first + second) / 2;
    expect((await cluster.tranche('logs', 'writer', '--since', `${Math.round(sinceMs)}ms`)).stdout).toBe('second\n');
    expect((await cluster.tranche('logs', 'writer', '--since', '1h')).stdout).toBe('first\nsecond\n');
  });

  it('shows the memory that a task uses of what it asked for, and how often it was started again', async () => {
    const [head = '', row = ''] = (await cluster.tranche('ps', 'writer')).stdout.split('\n');
    expect(head).toMatch(/CPUS +MEM +RESTARTS +AGE$/);
    expect(row).toMatch(/ [\d.]+ [KM]iB\/64 MiB +0 +\d+s$/);
  });

  it('shows the log of an agent', async () => {
    expect((await cluster.tranche('agent', 'logs', 'agent1')).stdout).toContain('agent is up');
  });

  it('completes names of the cluster', async () => {
    const complete = async (...words: string[]) =>
      (await cluster.tranche('completion', '--candidates', '--', ...words)).stdout.trim().split('\n');
    expect(await complete('agent', 'drain', '')).toEqual(['agent1', 'agent2', 'agent3']);
    expect(await complete('logs', 'wri')).toEqual(['writer']);
    expect(await complete('framework', 'describe', '')).toEqual(['writer']);
  });

  it('says since when the cluster is up', async () => {
    expect((await cluster.tranche('status')).stdout.split('\n')[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+ · up \d+[sm]$/);
  });
});
