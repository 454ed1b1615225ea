import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, type CliResult, type FakeWorldOptions, fakeWorld, FakeRest } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = async (line: string, options?: FakeWorldOptions): Promise<CliResult & { questions: string[] }> => {
  const world = fakeWorld(options);
  const exitCode = await runCli(['-u', cluster.url, ...line.split(' ')], world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr(), questions: world.questions };
};
const posted = () =>
  rest.requests
    .filter(({ method }) => method === 'POST')
    .map(({ url, body }) => `${url.pathname}${url.search} ${body}`);

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [agent({ id: 'c-S0', hostname: 'n1', tasks: 12 }), agent({ id: 'c-S1', hostname: 'n2' })];
  const answer = () => ({ body: JSON.stringify({ ...rest.agents[0], effects: { tasks: 12, frameworks: 3 } }) });
  for (const verb of ['drain', 'activate', 'deactivate', 'gone'])
    rest.answers.set(`POST /v1/agents/c-S0:${verb}`, answer);
});
afterEach(() => cluster.stop());

describe('tranche agent drain', () => {
  it('says what it costs, asks, and orders', async () => {
    const { stdout, exitCode, questions } = await run('agent drain n1 --deadline 10m --mark-gone', {
      isTerminal: true,
      answers: [true],
    });
    expect(questions).toEqual(['drain n1? 12 tasks of 3 frameworks will be ended']);
    expect([stdout, exitCode]).toEqual(['draining n1\n', 0]);
    expect(posted().at(-1)).toBe('/v1/agents/c-S0:drain {"maxGraceMs":600000,"markGone":true}');
  });

  it('orders nothing when the answer is no, nor without a terminal to ask on', async () => {
    expect((await run('agent drain n1', { isTerminal: true, answers: [false] })).exitCode).toBe(1);
    expect((await run('agent drain n1')).exitCode).toBe(2);
    expect(posted().every((line) => line.includes('dryRun=true'))).toBe(true);
  });

  it('says in a dry run whom it would hit', async () => {
    expect((await run('agent drain n1 --dry-run')).stdout).toBe('would drain n1: 12 tasks of 3 frameworks\n');
    expect((await run('agent gone n1 --dry-run')).stdout).toBe('would declare n1 gone: 12 tasks of 3 frameworks\n');
  });

  it('says what it waits for when nothing more happens', async () => {
    let asked = 0;
    const drain = { state: 'draining', markGone: false, startedAt: '2026-01-01T00:00:00.000Z', tasksAtStart: 2 };
    rest.answers.set('GET /v1/agents/c-S0', () => ({ body: JSON.stringify({ ...rest.agents[0], tasks: 0, drain }) }));
    rest.answers.set('GET /v1/actions', () => {
      asked += 1;
      return { body: JSON.stringify({ items: [{ blockers: [{ code: 'x', text: 'framework F sleeps' }] }], asOf: 1 }) };
    });
    const { stderr, exitCode } = await run('agent drain n1 --yes --wait --timeout 2s', { isLive: true, speed: 20 });
    expect([exitCode, asked]).toEqual([5, 1]);
    expect(stderr).toContain('n1: 0 of 2 tasks left\nn1 waits: framework F sleeps\n');
  });

  it('waits until the agent is empty', async () => {
    const left = [2, 1, 0];
    rest.answers.set('GET /v1/agents/c-S0', () => {
      const tasks = left.shift() ?? 0;
      const drain = {
        state: tasks > 0 ? 'draining' : 'drained',
        markGone: false,
        startedAt: '2026-01-01T00:00:00.000Z',
      };
      return { body: JSON.stringify({ ...rest.agents[0], tasks, state: 'deactivated', drain }) };
    });
    const { stderr, exitCode } = await run('agent drain n1 --yes --wait', { isLive: true, speed: 100 });
    expect(exitCode).toBe(0);
    expect(stderr).toBe('n1: 2 tasks left\nn1: 1 task left\nn1 is empty\n');
  });

  it('names the candidates when the name fits several agents', async () => {
    rest.agents = [agent({ id: 'c-S0', hostname: 'n1' }), agent({ id: 'c-S5', hostname: 'n1' })];
    const { stderr, exitCode } = await run('agent drain n1 --yes');
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      'error: "n1" matches 2 agents\n  n1  c-S0\n  n1  c-S5\n  name one of them, or add --all-matching\n',
    );
  });
});

describe('tranche agent activate, deactivate, gone', () => {
  it('orders what costs nothing without asking', async () => {
    expect((await run('agent deactivate n1')).stdout).toBe('deactivated n1\n');
    expect((await run('agent activate c-S0')).stdout).toBe('activated n1\n');
    expect(posted().filter((line) => !line.includes('dryRun'))).toEqual([
      '/v1/agents/c-S0:deactivate {}',
      '/v1/agents/c-S0:activate {}',
    ]);
  });

  it('asks before an agent is declared gone for ever', async () => {
    const { questions, stdout } = await run('agent gone n1', { isTerminal: true, answers: [true] });
    expect(questions).toEqual(['declare n1 gone for ever? 12 tasks of 3 frameworks will be lost']);
    expect(stdout).toBe('declared n1 gone\n');
  });
});
