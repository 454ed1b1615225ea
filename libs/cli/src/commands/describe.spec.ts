import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agent,
  type CliResult,
  FakeRest,
  fakeWorld,
  type FakeWorldOptions,
  framework,
  offer,
  task,
} from '../cli.fakes.js';
import { runCli } from '../cli.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = async (line: string, options?: FakeWorldOptions): Promise<CliResult & { questions: string[] }> => {
  const world = fakeWorld(options);
  const exitCode = await runCli(['-u', cluster.url, ...line.split(' ')], world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr(), questions: world.questions };
};
const posted = () =>
  rest.requests
    .filter(({ method, url }) => method === 'POST' && !url.searchParams.has('dryRun'))
    .map(({ url }) => url.pathname);

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [agent({ id: 'c-S0', hostname: 'n1', tasks: 1 })];
  rest.frameworks = [
    framework({ id: 'c-0001', name: 'spark', roles: ['eng'], tasks: { staging: 1, running: 2, ended: 0 } }),
    framework({ id: 'c-0000', name: 'spark', state: 'removed' }),
  ];
  rest.offers = [offer({ id: 'c-O7', frameworkName: 'spark', agentHostname: 'n1' })];
  rest.tasks = [task({ id: 't', name: 'web.0', agentId: 'c-S0', frameworkId: 'c-0001' })];
  rest.answers.set('GET /v1/reservations', () => ({
    body: JSON.stringify({
      items: [{ id: 'r1', role: 'ops', resources: { cpus: 1, gpus: 0, memBytes: 0, diskBytes: 0, ports: [] } }],
      asOf: 1,
    }),
  }));
  for (const verb of ['teardown', 'revive'])
    rest.answers.set(`POST /v1/frameworks/c-0001:${verb}`, () => ({ body: JSON.stringify(rest.frameworks[0]) }));
  rest.answers.set('POST /v1/offers/c-O7:rescind', () => ({ body: JSON.stringify(rest.offers[0]) }));
});
afterEach(() => cluster.stop());

describe('tranche agent describe', () => {
  it('shows an agent with what is reserved and what runs there', async () => {
    const { stdout, exitCode } = await run('agent describe n1');
    expect(exitCode).toBe(0);
    for (const line of [/^agent +n1$/m, /^tasks +1$/m, /reserved to ops {2}cpus 1 {2}\(r1\)/, /web\.0 {2}\S+ {2}of /]) {
      expect(stdout).toMatch(line);
    }
    expect(JSON.parse((await run('agent describe n1 --json')).stdout)).toMatchObject({ id: 'c-S0' });
  });
});

describe('tranche framework', () => {
  it('describes the one that is not removed, of those with the name', async () => {
    const { stdout } = await run('framework describe spark');
    for (const line of [/^id +c-0001$/m, /^roles +eng$/m, /^tasks +2 running, 1 staging, 0 ended$/m, /web\.0/]) {
      expect(stdout).toMatch(line);
    }
  });

  it('tears down after asking, and says what it costs in a dry run', async () => {
    expect((await run('framework teardown spark --dry-run')).stdout).toBe(
      'would tear down spark: 3 tasks would be killed\n',
    );
    expect((await run('framework teardown spark')).exitCode).toBe(2);
    const { questions, stdout } = await run('framework teardown spark', { isTerminal: true, answers: [true] });
    expect(questions).toEqual(['tear down spark? 3 tasks will be killed']);
    expect(stdout).toBe('torn down spark, 3 tasks killed\n');
    expect(posted()).toEqual(['/v1/frameworks/c-0001:teardown']);
  });

  it('revives', async () => {
    expect((await run('framework revive spark')).stdout).toBe('revived spark in eng\n');
    expect(posted()).toEqual(['/v1/frameworks/c-0001:revive']);
  });

  it('describes all that the names mean, each once', async () => {
    rest.frameworks.push(framework({ id: 'd-0002', name: 'web' }));
    expect((await run('framework describe spark web c-0001 -o name')).stdout).toBe('c-0001\nd-0002\n');
    const { items } = JSON.parse((await run('framework describe spark web --json')).stdout) as { items: object[] };
    expect(items).toMatchObject([{ id: 'c-0001' }, { id: 'd-0002' }]);
    expect((await run('framework describe spark web')).stdout).toMatch(/^framework +spark$[^]*\n\nframework +web$/m);
  });

  it('says when nothing matches', async () => {
    expect(await run('framework describe nope')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('nope'),
    });
  });
});

describe('tranche offer', () => {
  it('describes an offer and takes it back', async () => {
    expect((await run('offer describe c-O7')).stdout).toMatch(/^take back +tranche offer rescind c-O7$/m);
    expect((await run('offer rescind c-O7 --dry-run')).stdout).toMatch(/^would take back .* on n1 from spark$/m);
    expect(posted()).toEqual([]);
    expect((await run('offer rescind c-O7')).stdout).toMatch(/^took back /);
    expect(posted()).toEqual(['/v1/offers/c-O7:rescind']);
  });
});
