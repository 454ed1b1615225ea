import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

/** Titles of a table. */
const titles = (stdout: string): string[] => (stdout.split('\n')[0] ?? '').trim().split(/ {2,}/);

describe("operators' commands", () => {
  let cluster: LocalCluster;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-e2e-commands-'));
    cluster = await LocalCluster.start(
      ...['--agents', '2', '--containers', 'process', '--resources', 'cpus:4;mem:1024;disk:1024'],
    );
    await cluster.tranche('run', '--detach', '--name', 'busy', '--', 'while :; do :; done');
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('measure who uses most', async () => {
    const { status, stdout } = await cluster.tranche('top');
    expect([status, titles(stdout)]).toEqual([0, ['NAME', 'CPUS', 'MEM', 'AGENT', 'FRAMEWORK']]);
    expect(stdout).toMatch(/^busy +[\d.]+\/0\.1 +[\d.]+ MiB\/64 MiB +agent\d +busy$/m);
    const { items } = JSON.parse((await cluster.tranche('top', 'agents', '--json')).stdout) as {
      items: { cpus?: number }[];
    };
    expect(items[0]?.cpus).toBeGreaterThan(0);
  });

  it('check the cluster, and say when there is none', async () => {
    const { status, stdout } = await cluster.tranche('doctor');
    expect([status, stdout.match(/service \w+/g)]).toEqual([
      0,
      ['service registry', 'service offers', 'service allocator', 'service quota'],
    ]);
    expect(await cluster.tranche('doctor', '-u', 'http://127.0.0.1:1')).toMatchObject({ status: 5 });
  });

  it('explain a task, and describe it', async () => {
    expect(await cluster.tranche('run', '--name', 'bad', '--', 'echo no such thing >&2; exit 7')).toMatchObject({
      status: 7,
    });
    const { stdout } = await cluster.tranche('explain', 'task', 'bad');
    expect(stdout).toMatch(/^bad, failed: exit 7\n/);
    expect(stdout).toContain('    no such thing\n');
    expect((await cluster.tranche('explain', 'task', 'busy')).stdout).toMatch(/^busy, running\n[^]*ran after/);
    expect((await cluster.tranche('task', 'describe', 'bad')).stdout).toMatch(/^ended by +exit 7$/m);
  });

  it('explain who killed a task', async () => {
    await cluster.tranche('run', '--detach', '--name', 'doomed', '--', 'sleep 600');
    expect(await cluster.tranche('kill', 'doomed')).toMatchObject({ status: 0 });
    await expect
      .poll(async () => (await cluster.tranche('explain', 'task', 'doomed')).stdout)
      .toMatch(/^doomed, killed[^]*^ {2}killed {2}by an operator, .* ago$/m);
  });

  it('tell what has happened, and what happens', async () => {
    const past = await cluster.tranche('events', '--task', 'busy', '-o', 'name');
    expect(past.stdout.split('\n').slice(0, 2)).toEqual(['TASK_ADDED', 'TASK_UPDATED']);
    const following = cluster.cli('events', '-f', '--type', 'TASK_*', '--since', '1h', '-o', 'jsonl');
    await following.until(/"taskName":"busy"/);
    await cluster.tranche('run', '--name', 'next', '--', 'true');
    await following.until(/"taskName":"next"[^\n]*TASK_FINISHED/);
    following.process.kill('SIGINT');
    expect((await following.finished).status).toBe(130);
  });

  it('tell what a framework has called, and was sent', async () => {
    const { stdout } = await cluster.tranche('events', '--calls', '--framework', 'busy', '-o', 'jsonl');
    const calls = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { direction: string; type: string; bytes: number });
    const told = calls.filter(({ type }) => type !== 'HEARTBEAT').map(({ direction, type }) => `${direction} ${type}`);
    expect(told[0]).toBe('event SUBSCRIBED');
    expect(told).toEqual(expect.arrayContaining(['event OFFERS', 'call ACCEPT', 'event UPDATE', 'call ACKNOWLEDGE']));
    expect(calls.every(({ bytes }) => bytes > 0)).toBe(true);
  });

  it('name the owners of reservations, and their state', async () => {
    await cluster.tranche(
      'reservation',
      'add',
      'agent1',
      'left',
      'cpus=1',
      '--label',
      'for=db',
      '--principal',
      'nobody',
    );
    await expect
      .poll(async () =>
        (await cluster.tranche('reservation', 'ls')).stdout.split('\n').map((line) => line.split(/ {2,}/)),
      )
      .toEqual([
        ['ID', 'AGENT', 'ROLE', 'RESOURCES', 'OWNER', 'OWNER STATE', 'AGE'],
        [expect.any(String), 'agent1', 'left', 'cpus 1', 'for=db · nobody', 'none', expect.stringMatching(/^\d+s$/)],
        [''],
      ]);
  });

  it('show agents by place, and revive in one role', async () => {
    expect((await cluster.tranche('agent', 'map')).stdout).toMatch(/^no place {2}\(2 agents\)\n {2}agent1 +█*░+ /);
    expect(await cluster.tranche('framework', 'revive', 'busy', '--role', '*', '--dry-run')).toMatchObject({
      ...{ status: 0, stdout: 'would revive busy in *\n' },
    });
    const refused = await cluster.tranche('framework', 'revive', 'busy', '--role', 'other');
    expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining('is not in role other, but in *')]);
  });

  it('change everything that a name matches, when told so', async () => {
    const { items } = await cluster.get<{ items: { id: string; hostname: string }[] }>('/v1/agents');
    const all = items[0]?.id.slice(0, 8) ?? '';
    // Whichever registered first.
    const names = items.map(({ hostname }) => hostname);
    const refused = await cluster.tranche('agent', 'deactivate', all);
    expect([refused.status, refused.stderr]).toEqual([
      3,
      [
        `error: "${all}" matches 2 agents`,
        ...names.map((name, i) => `  ${name}  S${i}`),
        '  name one of them, or add --all-matching\n',
      ].join('\n'),
    ]);
    expect(await cluster.tranche('agent', 'deactivate', all, '--all-matching')).toMatchObject({ status: 2 });
    const dry = await cluster.tranche('agent', 'deactivate', all, '--all-matching', '--dry-run');
    expect(dry.stdout).toMatch(new RegExp(`^${names.map((name) => `would deactivate ${name}: .*\n`).join('')}$`));
    expect(await cluster.tranche('agent', 'deactivate', all, '--all-matching', '--yes')).toMatchObject({
      ...{ status: 0, stdout: names.map((name) => `deactivated ${name}\n`).join('') },
    });
    await cluster.tranche('agent', 'activate', 'agent1');
    // One is active already, the other is activated all the same.
    expect(await cluster.tranche('agent', 'activate', all, '--all-matching', '--yes')).toMatchObject({
      ...{ status: 4, stdout: 'activated agent2\n', stderr: expect.stringMatching(/^error: agent1: /) },
    });
  });

  it('put all that is needed for a report into one archive', async () => {
    const file = join(folder, 'bundle.tar.gz');
    expect(await cluster.tranche('debug', 'bundle', '-o', file)).toMatchObject({ status: 0 });
    const text = gunzipSync(readFileSync(file)).toString('latin1');
    for (const name of ['about.json', 'services.json', 'queues.json', 'agents.json', 'tasks-live.json', 'events.json'])
      expect(text).toContain(`/${name}\0`);
    for (const service of ['registry', 'allocator', 'offers', 'quota'])
      for (const name of ['service.json', 'settings.json', 'metrics.txt', 'log.jsonl'])
        expect(text).toContain(`/services/${service}/${name}\0`);
    expect(text).toMatch(/\/services\/agent\.[^/]+\/settings\.json\0/);
    expect(text).not.toContain('.missing.txt');
  });
});
