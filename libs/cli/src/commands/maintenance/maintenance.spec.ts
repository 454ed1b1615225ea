import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, type CliResult, FakeRest, fakeWorld, type FakeWorldOptions, NOW_MS } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';
import { parsePlan } from './schedule.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = async (args: string[], options?: FakeWorldOptions): Promise<CliResult & { questions: string[] }> => {
  const world = fakeWorld(options);
  const exitCode = await runCli(['-u', cluster.url, 'maintenance', ...args], world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr(), questions: world.questions };
};
const posted = () =>
  rest.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, url, body }) => `${method} ${url.pathname}${url.search} ${body}`);

const n2 = { hostname: 'n2', ip: '10.0.0.2' };
const id = 'f00d0001';
const planned = { id, machine: n2, state: 'draining', start: '2026-11-23T14:00:00.000Z', accepted: 1, declined: 0 };
const window = (more: object = {}) => ({
  body: JSON.stringify({ id, machines: [n2], start: planned.start, effects: { tasks: 4 }, ...more }),
});

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [
    agent({ id: 'c-S0', hostname: 'n1', address: '10.0.0.1:5051', tasks: 3 }),
    agent({ id: 'c-S1', hostname: 'n2', address: '10.0.0.2:5051', tasks: 4 }),
  ];
  rest.answers.set('GET /v1/maintenance', () => ({ body: JSON.stringify({ items: [planned], asOf: 1 }) }));
  rest.answers.set('POST /v1/maintenance', () => window());
  rest.answers.set(`DELETE /v1/maintenance/${id}`, () => window());
  for (const verb of ['start', 'stop']) rest.answers.set(`POST /v1/maintenance/${id}:${verb}`, () => window());
});
afterEach(() => cluster.stop());

describe('tranche maintenance', () => {
  it('lists machines with what frameworks answered', async () => {
    const { stdout } = await run(['ls']);
    const [titles = '', row = ''] = stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'));
    expect(titles).toBe('ID|MACHINE|STATE|START|FOR|ACCEPTED|DECLINED');
    expect(row).toMatch(new RegExp(`^${id}\\|n2\\|draining\\|in 2h\\|-\\|1\\|0$`));
  });

  it('plans a window', async () => {
    const { stdout } = await run(['schedule', 'n1 in 2h for 1h']);
    expect(stdout).toBe(`planned n1 in 2h for 1h  (${id})\n`);
    const body = {
      machines: [{ hostname: 'n1', ip: '10.0.0.1' }],
      start: new Date(NOW_MS + 7_200_000).toISOString(),
      durationMs: 3_600_000,
    };
    expect(posted()).toEqual([`POST /v1/maintenance ${JSON.stringify(body)}`]);
  });

  it('plans nothing twice, and nothing in a dry run', async () => {
    expect(await run(['schedule', 'n2', 'in', '2h'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('n2 is in the schedule already'),
    });
    expect(posted()).toEqual([]);
    expect((await run(['schedule', 'n1', '--dry-run'])).stdout).toBe(`would plan n1 in 0s  (${id})\n`);
    expect(posted()).toEqual([expect.stringMatching(/^POST \/v1\/maintenance\?dryRun=true /)]);
  });

  it('takes machines down after asking, and gives them back', async () => {
    const { questions, stdout } = await run(['start', 'n2'], { isTerminal: true, answers: [true] });
    expect([questions, stdout]).toEqual([['take n2 down? 4 tasks will be lost'], 'took n2 down\n']);
    expect((await run(['stop', '10.0.0.2'])).stdout).toBe('gave n2 back\n');
    const body = JSON.stringify({ machines: [n2] });
    expect(posted()).toEqual([
      `POST /v1/maintenance/${id}:start?dryRun=true ${body}`,
      `POST /v1/maintenance/${id}:start ${body}`,
      `POST /v1/maintenance/${id}:stop ${body}`,
    ]);
    expect(await run(['start', 'n1'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('n1 is not in the schedule'),
    });
  });

  it('takes a name that several machines have only with --all-matching, and says so before it plans', async () => {
    expect(await run(['schedule', 'c-S in 2h'])).toMatchObject({
      exitCode: 3,
      stderr:
        'error: "c-S" matches 2 machines\n  n1  10.0.0.1\n  n2  10.0.0.2\n  name one of them, or add --all-matching\n',
    });
    expect((await run(['start', 'c-S'])).exitCode).toBe(3);
    rest.answers.set('GET /v1/maintenance', () => ({ body: JSON.stringify({ items: [], asOf: 1 }) }));
    const asked = await run(['schedule', 'c-S in 2h', '--all-matching'], { isTerminal: true, answers: [true] });
    expect(asked.questions).toEqual(['plan 2 machines, n1, n2 in 2h?']);
    expect(posted()).toHaveLength(1);
  });

  it('cancels a window', async () => {
    expect((await run(['cancel', id])).stdout).toBe('cancelled the maintenance of n2\n');
    expect((await run(['cancel', 'n2', '--dry-run'])).stdout).toBe('would cancel the maintenance of n2\n');
    expect(posted()).toEqual([`DELETE /v1/maintenance/${id} `, `DELETE /v1/maintenance/${id}?dryRun=true `]);
    expect((await run(['cancel', 'zz'])).exitCode).toBe(3);
  });

  it('passes on why it cannot be done', async () => {
    rest.answers.set(`POST /v1/maintenance/${id}:stop`, () => ({
      ...{ status: 409, type: 'application/problem+json' },
      body: JSON.stringify({
        status: 409,
        code: 'maintenance.conflict',
        title: 't',
        detail: 'Machine n2 is not in DOWN mode',
      }),
    }));
    expect(await run(['stop', 'n2'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('not in DOWN mode'),
    });
  });
});

describe('parsePlan', () => {
  it.each([
    [['n1', 'n2', 'in', '2h', 'for', '30m'], { agents: ['n1', 'n2'], inMs: 7_200_000, forMs: 1_800_000 }],
    [['n1 for 1h'], { agents: ['n1'], inMs: 0, forMs: 3_600_000 }],
    [['n1'], { agents: ['n1'], inMs: 0 }],
  ])('reads %j', (words, plan) => {
    expect(parsePlan(words)).toEqual(plan);
  });

  it.each([[['in 2h']], [['n1 in']], [['n1 in 2h in 3h']], [['n1 in soon']], [['n1 for 1h later']]])(
    'refuses %j',
    (words) => {
      expect(() => parsePlan(words)).toThrow();
    },
  );
});
