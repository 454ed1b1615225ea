import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, type CliResult, FakeRest, fakeWorld, type FakeWorldOptions, NOW_MS } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';
import { nanoseconds, windowId } from './maintenance-api.js';
import { parsePlan } from './schedule.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = async (args: string[], options?: FakeWorldOptions): Promise<CliResult & { questions: string[] }> => {
  const world = fakeWorld(options);
  const exitCode = await runCli(['-u', cluster.url, 'maintenance', ...args], world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr(), questions: world.questions };
};
const posted = () =>
  rest.requests.filter(({ method }) => method === 'POST').map(({ url, body }) => `${url.pathname} ${body}`);

const n2 = { hostname: 'n2', ip: '10.0.0.2' };
/** More than a number holds. */
const START = '1763906400000000001';
const planned = { machine_ids: [n2], unavailability: { start: { nanoseconds: START } } };
const id = windowId(planned);

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [
    agent({ id: 'c-S0', hostname: 'n1', address: '10.0.0.1:5051', tasks: 3 }),
    agent({ id: 'c-S1', hostname: 'n2', address: '10.0.0.2:5051', tasks: 4 }),
  ];
  const schedule = `{"windows":[{"machine_ids":[${JSON.stringify(n2)}],"unavailability":{"start":{"nanoseconds":${START}}}}]}`;
  rest.answers.set('GET /maintenance/schedule', () => ({ body: schedule }));
  rest.answers.set('GET /maintenance/status', () => ({
    body: JSON.stringify({
      draining_machines: [{ id: n2, statuses: [{ status: 'ACCEPT', framework_id: { value: 'F' } }] }],
    }),
  }));
  for (const path of ['/maintenance/schedule', '/machine/down', '/machine/up'])
    rest.answers.set(`POST ${path}`, () => ({ body: '' }));
});
afterEach(() => cluster.stop());

describe('tranche maintenance', () => {
  it('lists machines with what frameworks answered', async () => {
    const { stdout } = await run(['ls']);
    const [titles = '', row = ''] = stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'));
    expect(titles).toBe('ID|MACHINE|STATE|START|FOR|ACCEPTED|DECLINED');
    expect(row).toMatch(new RegExp(`^${id}\\|n2\\|draining\\|364d ago\\|-\\|1\\|0$`));
  });

  it('plans more, and leaves what is planned as it is', async () => {
    const { stdout } = await run(['schedule', 'n1 in 2h for 1h']);
    const start = nanoseconds(NOW_MS + 7_200_000);
    const window = {
      machine_ids: [{ hostname: 'n1', ip: '10.0.0.1' }],
      unavailability: { start, duration: nanoseconds(3_600_000) },
    };
    expect(stdout).toBe(`planned n1 in 2h for 1h  (${windowId(window)})\n`);
    expect(posted()).toEqual([`/maintenance/schedule ${JSON.stringify({ windows: [planned, window] })}`]);
  });

  it('plans nothing twice, and nothing in a dry run', async () => {
    expect(await run(['schedule', 'n2', 'in', '2h'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('n2 is in the schedule already'),
    });
    expect((await run(['schedule', 'n1', '--dry-run'])).stdout).toBe('would plan n1 in 0s\n');
    expect(posted()).toEqual([]);
  });

  it('takes machines down after asking, and gives them back', async () => {
    const { questions, stdout } = await run(['start', 'n2'], { isTerminal: true, answers: [true] });
    expect([questions, stdout]).toEqual([['take n2 down? 4 tasks will be lost'], 'took n2 down\n']);
    expect((await run(['stop', '10.0.0.2'])).stdout).toBe('gave n2 back\n');
    expect(posted()).toEqual([`/machine/down ${JSON.stringify([n2])}`, `/machine/up ${JSON.stringify([n2])}`]);
  });

  it('cancels a window', async () => {
    expect((await run(['cancel', id])).stdout).toBe('cancelled the maintenance of n2\n');
    expect(posted()).toEqual(['/maintenance/schedule {"windows":[]}']);
    expect((await run(['cancel', 'zz'])).exitCode).toBe(3);
  });

  it('passes on why it cannot be done', async () => {
    rest.answers.set('POST /machine/up', () => ({
      ...{ status: 400, type: 'text/plain' },
      body: 'Machine \'{"hostname":"n2"}\' is not in DOWN mode and cannot be brought up',
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
