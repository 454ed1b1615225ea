import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, type Finished, LocalCluster, start, startAndFail } from './local-cluster.js';

const CREDENTIALS = {
  credentials: [
    { principal: 'ops', secret: 's3cret' },
    { principal: 'bot', token: 't0ken' },
  ],
};

describe('a cluster that asks for credentials', () => {
  let folder: string;
  let file: string;
  let cluster: LocalCluster;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-credentials-'));
    file = join(folder, 'credentials.json');
    writeFileSync(file, JSON.stringify(CREDENTIALS));
    cluster = await LocalCluster.start('--agents', '1', '--credentials', file);
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  });

  const OPS = { TRANCHE_USER: 'ops', TRANCHE_PASSWORD: 's3cret' };
  const cli = (env: Record<string, string>, ...args: string[]): Promise<Finished> =>
    start(process.execPath, [CLI, '-u', cluster.url, ...args], env).finished;

  it('has checked itself, and tells no secret', () => {
    expect(cluster.output).toMatch(/✔ self-check {2}a task ran/);
    expect(cluster.output).not.toContain('s3cret');
  });

  it('tells a command without credentials how to show them', async () => {
    const { status, stderr } = await cli({}, 'agent', 'ls');
    expect([status, stderr]).toEqual([4, expect.stringContaining('credentials are asked for, and none were sent')]);
    expect(stderr).toContain('TRANCHE_USER and TRANCHE_PASSWORD');
    const wrong = await cli({ TRANCHE_TOKEN: 'hush' }, 'agent', 'ls');
    expect([wrong.status, wrong.stderr]).toEqual([4, expect.stringContaining('are not known')]);
    expect(wrong.stderr).not.toContain('hush');
  });

  it('runs a task for who shows them, relays its log from the agent, and knows whose framework it is', async () => {
    const run = await cli(OPS, 'run', '--name', 'hello', '--', 'echo hello; exit 3');
    expect([run.status, run.stdout]).toEqual([3, expect.stringContaining('hello')]);
    const logs = await cli({ TRANCHE_TOKEN: 't0ken' }, 'logs', 'hello');
    expect([logs.status, logs.stdout]).toEqual([0, 'hello\n']);
    const { stdout } = await cli(OPS, 'api', 'GET', '/frameworks');
    expect(stdout).toContain('"principal":"ops"');
  });

  it('tells who a caller is, by every service and agent, and by the doctor', async () => {
    const { stdout } = await cli(OPS, 'api', 'GET', '/v1/whoami');
    expect(JSON.parse(stdout)).toEqual({
      service: 'registry',
      principal: 'ops',
      authentication: 'basic',
      may: ['read', 'write', 'frameworks'],
    });
    expect((await cli({}, 'api', 'GET', '/v1/whoami')).status).toBe(4);
    const headers = { authorization: `Basic ${Buffer.from('ops:s3cret').toString('base64')}` };
    const agent = await fetch(`http://127.0.0.1:${cluster.port + 1}/v1/whoami`, { headers });
    expect(await agent.json()).toMatchObject({ service: 'agent', principal: 'ops', may: ['read', 'write'] });
    expect((await cli({ TRANCHE_TOKEN: 't0ken' }, 'doctor')).stdout).toMatch(/✔ credentials +bot, by bearer: may read/);
  });

  it('has agents that ask, too', async () => {
    const answer = await fetch(`http://127.0.0.1:${cluster.port + 1}/state`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="mesos-agent-readonly"',
    ]);
  });

  it('makes a reservation in the name of whoever asks for it', async () => {
    const agents = await cli(OPS, 'agent', 'ls', '-o', 'name');
    const added = await cli(OPS, 'reservation', 'add', agents.stdout.trim(), 'web', 'cpus=0.5');
    expect([added.status, added.stderr]).toEqual([0, expect.any(String)]);
    const listed = await cli(OPS, 'reservation', 'ls', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({ items: [{ role: 'web', principal: 'ops' }] });
  });

  it('does not start with a file that cannot be read, and tells nothing of what is in it', async () => {
    writeFileSync(join(folder, 'bad.json'), '{"credentials":[{"principal":"ops","password":"hush"}]}');
    const bad = await startAndFail('--data', join(folder, 'data'), '--credentials', join(folder, 'bad.json'));
    expect([bad.status, bad.stderr]).toEqual([1, expect.stringContaining('bad.json cannot be read')]);
    expect(bad.stderr).not.toContain('hush');
    const missing = await startAndFail('--data', join(folder, 'data'), '--credentials', join(folder, 'none.json'));
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('no such file')]);
  });
});
