import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, type CliResult, FakeRest, fakeWorld, type FakeWorldOptions, framework, offer } from '../cli.fakes.js';
import { runCli } from '../cli.js';

const AGENTS = [
  agent({ id: 'c-S0', hostname: 'n1', tasks: 12 }),
  agent({ id: 'c-S1', hostname: 'n2', tasks: 1 }),
  agent({ id: 'c-S2', hostname: 'n3', tasks: 0 }),
];

let cluster: FakeCluster;
let rest: FakeRest;
const run = async (line: string, options?: FakeWorldOptions): Promise<CliResult & { questions: string[] }> => {
  const world = fakeWorld(options);
  const exitCode = await runCli(['-u', cluster.url, ...line.split(' ')], world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr(), questions: world.questions };
};
/** Requests that change something. */
const changes = () =>
  rest.requests
    .filter(({ method, url }) => method !== 'GET' && url.searchParams.get('dryRun') !== 'true')
    .map(({ url }) => url.pathname);
const refuse = (path: string, status: number) =>
  rest.answers.set(`POST ${path}`, () => ({
    ...{ status, type: 'application/problem+json' },
    body: JSON.stringify({ title: 'Conflict', status, code: 'agent.cannot_drain', detail: 'it is in the schedule' }),
  }));
const agreeing = { isTerminal: true, answers: [true] };

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = AGENTS;
  for (const one of AGENTS) {
    const order = () => ({ body: JSON.stringify({ ...one, effects: { tasks: one.tasks, frameworks: 1 } }) });
    for (const verb of ['drain', 'activate', 'gone']) rest.answers.set(`POST /v1/agents/${one.id}:${verb}`, order);
  }
});
afterEach(() => cluster.stop());

describe('a changing command with --all-matching', () => {
  it('asks once, with the number and what it costs in all, and prints each result', async () => {
    expect(await run('agent drain c- --all-matching', agreeing)).toEqual({
      exitCode: 0,
      stdout: 'draining n1\ndraining n2\ndraining n3\n',
      stderr: '',
      questions: ['drain 3 agents (n1, n2, n3)? 13 tasks will be ended'],
    });
    expect(changes()).toEqual(['/v1/agents/c-S0:drain', '/v1/agents/c-S1:drain', '/v1/agents/c-S2:drain']);
  });

  it('changes nothing when the answer is no, or nobody can be asked', async () => {
    expect((await run('agent drain c- --all-matching', { isTerminal: true, answers: [false] })).exitCode).toBe(1);
    expect((await run('agent drain c- --all-matching')).exitCode).toBe(2);
    expect(changes()).toEqual([]);
  });

  it('asks before several also what it would not ask about one', async () => {
    expect((await run('agent activate c- --all-matching', agreeing)).questions).toEqual([
      'activate 3 agents (n1, n2, n3)?',
    ]);
    expect((await run('agent activate n1 --all-matching')).exitCode).toBe(0);
  });

  it('lists all in a dry run', async () => {
    expect((await run('agent drain c- --all-matching --dry-run')).stdout).toBe(
      [
        'would drain n1: 12 tasks of 1 framework',
        'would drain n2: 1 task of 1 framework',
        'would drain n3: 0 tasks of 1 framework',
        '',
      ].join('\n'),
    );
    expect(changes()).toEqual([]);
  });

  it('goes on after a failure, names who failed, and exits with the worst code', async () => {
    refuse('/v1/agents/c-S0:drain', 409);
    refuse('/v1/agents/c-S1:drain', 503);
    const { exitCode, stdout, stderr } = await run('agent drain c- --all-matching --yes');
    expect([exitCode, stdout]).toEqual([5, 'draining n3\n']);
    expect(stderr.split('\n').filter((line) => line.startsWith('error'))).toEqual([
      'error: n1: conflict: it is in the schedule',
      'error: n2: conflict: it is in the schedule',
    ]);
  });

  it('asks about those that are not refused already', async () => {
    refuse('/v1/agents/c-S0:drain', 409);
    expect(await run('agent drain c- --all-matching', agreeing)).toMatchObject({
      exitCode: 4,
      stdout: 'draining n2\ndraining n3\n',
      questions: ['drain 2 agents (n2, n3)? 1 task will be ended'],
    });
  });

  it('waits for those that are drained', async () => {
    refuse('/v1/agents/c-S0:drain', 409);
    for (const one of AGENTS) {
      const drain = { state: 'drained', markGone: false, startedAt: one.registeredAt };
      rest.answers.set(`GET /v1/agents/${one.id}`, () => ({ body: JSON.stringify({ ...one, drain }) }));
    }
    const { exitCode, stderr } = await run('agent drain c- --all-matching --yes --wait', { isLive: true, speed: 100 });
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/n2 is empty\nn3 is empty\n$/);
  });

  it('prints a list as JSON also of one, and without the flag the thing itself', async () => {
    const { stdout } = await run('agent gone n2 --all-matching --yes --json');
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ id: 'c-S1' }] });
    expect(JSON.parse((await run('agent gone n2 --yes --json')).stdout)).toMatchObject({ id: 'c-S1' });
    const lines = (await run('agent gone c- --all-matching --yes -o jsonl')).stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['c-S0', 'c-S1', 'c-S2']);
    expect((await run('agent gone c- --all-matching --yes -o name')).stdout).toBe('c-S0\nc-S1\nc-S2\n');
  });

  it('reaches frameworks and offers too', async () => {
    rest.frameworks = ['c-0001', 'c-0002'].map((id) => framework({ id, name: 'spark' }));
    rest.offers = [offer({ id: 'c-O1', frameworkName: 'spark' }), offer({ id: 'c-O2', frameworkName: 'spark' })];
    for (const one of rest.frameworks)
      rest.answers.set(`POST /v1/frameworks/${one.id}:teardown`, () => ({ body: JSON.stringify(one) }));
    for (const one of rest.offers)
      rest.answers.set(`POST /v1/offers/${one.id}:rescind`, () => ({ body: JSON.stringify(one) }));
    expect((await run('framework teardown spark --yes')).exitCode).toBe(3);
    expect((await run('framework teardown spark --all-matching', agreeing)).questions).toEqual([
      'tear down 2 frameworks (spark, spark)? 2 tasks will be killed',
    ]);
    expect((await run('offer rescind c-O --all-matching', agreeing)).questions).toEqual([
      'take back 2 offers (n1 to spark, n1 to spark)?',
    ]);
    expect(changes()).toHaveLength(4);
  });
});

describe('a changing command without --all-matching', () => {
  it('exits with 3 and the candidates when the name fits several', async () => {
    expect(await run('agent activate c-')).toMatchObject({
      exitCode: 3,
      stderr:
        'error: "c-" matches 3 agents\n  n1  c-S0\n  n2  c-S1\n  n3  c-S2\n  name one of them, or add --all-matching\n',
    });
    expect(changes()).toEqual([]);
  });
});
