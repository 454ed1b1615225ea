import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, amounts, type CliResult, FakeRest, runInFakeWorld } from '../../cli.fakes.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = (...args: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, 'agent', ...args]);

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
});
afterEach(() => cluster.stop());

describe('tranche agent map', () => {
  beforeEach(() => {
    rest.agents = [
      agent({ id: 'a10', hostname: 'n10', region: 'eu', zone: 'eu-1', attributes: { rack: 'r1' } }),
      agent({ id: 'a2', hostname: 'n2', region: 'eu', zone: 'eu-1', used: amounts(2, 0), tasks: 3 }),
      agent({ id: 'a3', hostname: 'n3', state: 'unreachable' }),
      agent({ id: 'a4', hostname: 'n4', state: 'gone' }),
    ];
  });

  it('groups agents by their place, and shows how full the fullest resource of each is', async () => {
    const { stdout } = await run('map');
    expect(stdout.split('\n')).toEqual([
      'eu / eu-1  (2 agents)',
      '  n2   ██████████ 100%  cpus 2/2  mem 0 B/2 GiB  3 tasks',
      '  n10  ███░░░░░░░  25%  cpus 0.5/2  mem 512 MiB/2 GiB  1 task',
      '',
      'no place  (1 agent)',
      '  n3  ███░░░░░░░  25%  cpus 0.5/2  mem 512 MiB/2 GiB  unreachable',
      '',
    ]);
  });

  it('groups by an attribute', async () => {
    const { items } = JSON.parse((await run('map', '--by', 'rack', '--json')).stdout) as { items: { place: string }[] };
    expect(items).toMatchObject([
      { place: 'r1', agents: [{ id: 'a10' }] },
      { place: '-', agents: [{}, {}] },
    ]);
  });
});

describe('tranche agent logs', () => {
  const log = Array.from({ length: 300 }, (_, index) => `line ${index}\n`).join('');
  beforeEach(() => {
    rest.agents = [agent()];
  });

  it('prints the last lines', async () => {
    rest.answers.set('GET /v1/agents/a1/files/read', ({ searchParams }) => {
      const offset = Number(searchParams.get('offset'));
      const data = offset < 0 ? '' : log.slice(offset, offset + Number(searchParams.get('length')));
      return { body: JSON.stringify({ data, offset: offset < 0 ? log.length : offset }) };
    });
    expect((await run('logs', 'n1', '-n', '2')).stdout).toBe('line 298\nline 299\n');
    expect((await run('logs', 'n1')).stdout.split('\n')).toHaveLength(101);
    expect((await run('logs', 'n1', '-n', 'two')).exitCode).toBe(2);
  });

  it('says where the log is of an agent that has no file', async () => {
    expect(await run('logs', 'n1')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('keeps no log in a file'),
    });
  });
});
