import type { QuotaChangeView, RoleView, ShareView } from '@tranche/contracts';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, FakeRest, framework, runInFakeWorld } from '../../cli.fakes.js';

const GIB = 2 ** 30;

let cluster: FakeCluster;
let rest: FakeRest;
const run = (...args: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, ...args]);
const page =
  (...items: object[]) =>
  () => ({ body: JSON.stringify({ items, asOf: 1 }) });
const changed = () =>
  rest.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, url, body }) => `${method} ${url.pathname}${url.search} ${body}`);

const quota: QuotaChangeView = {
  role: 'web',
  guarantee: { cpus: 4 },
  limit: { cpus: 8, memBytes: 16 * GIB, gpus: 0 },
  consumed: { cpus: 2.5 },
  effects: { rescindedOffers: 2 },
};
const role = (name: string, more: Partial<RoleView> = {}): RoleView => ({
  ...{
    name,
    weight: 1,
    guarantee: {},
    limit: {},
    consumed: {},
    allocated: {},
    offered: {},
    reserved: {},
    frameworks: [],
  },
  ...more,
});

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.answers.set('GET /v1/quotas', page(quota));
  for (const method of ['GET', 'PATCH', 'DELETE'])
    rest.answers.set(`${method} /v1/quotas/web`, () => ({ body: JSON.stringify(quota) }));
});
afterEach(() => cluster.stop());

describe('tranche quota', () => {
  it('lists and shows quotas, a limit of nothing too', async () => {
    expect((await run('quota', 'ls')).stdout).toBe(
      [
        'ROLE  GUARANTEE  LIMIT                       USED',
        'web   cpus 4     cpus 8, mem 16 GiB, gpus 0  cpus 2.5',
        '',
      ].join('\n'),
    );
    expect((await run('quota', 'show', 'web')).stdout).toBe(
      'role       web\nguarantee  cpus 4\nlimit      cpus 8, mem 16 GiB, gpus 0\nused       cpus 2.5\n',
    );
  });

  it('sets what is named, whole, and leaves the rest', async () => {
    const { stdout, exitCode } = await run('quota', 'set', 'web', '--limit', 'cpus=8,mem=16g,gpus=0');
    expect([exitCode, stdout.split('\n').at(-2)]).toEqual([0, '2 offers were taken back']);
    const limit = { cpus: 8, gpus: 0, memBytes: 16 * GIB, diskBytes: null };
    expect(changed()).toEqual([`PATCH /v1/quotas/web ${JSON.stringify({ limit })}`]);
  });

  it('passes on that it is forced, or only tried', async () => {
    await run('quota', 'set', 'web', '--guarantee', 'cpus=4', '--force');
    const { stdout } = await run('quota', 'set', 'web', '--guarantee', 'cpus=4', '--dry-run');
    expect(stdout).toContain('2 offers would be taken back');
    expect(changed().map((line) => line.split(' ')[1])).toEqual([
      '/v1/quotas/web?force=true',
      '/v1/quotas/web?dryRun=true',
    ]);
  });

  it('takes a quota away', async () => {
    expect((await run('quota', 'rm', 'web')).stdout).toBe('quota of web is removed\n');
  });

  it.each([
    [['set', 'web'], 'neither --guarantee nor --limit'],
    [['set', 'web', '--limit', 'cpu=1'], 'there is no resource "cpu"'],
    [['set', 'web', '--limit', 'cpus=-1'], '"-1" is no number'],
    [['set', 'web', '--limit', 'mem=5'], '"5" has no unit'],
  ])('refuses %j with exit code 2', async (args, text) => {
    const { exitCode, stderr } = await run('quota', ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(text)]);
  });

  it('says in its first line what is wrong, then what to do, when it is refused', async () => {
    const problem = {
      ...{
        status: 409,
        code: 'quota.limit_below_use',
        title: 'Limit is below current use',
        traceId: '9d0c4e11aabbccdd',
      },
      detail: 'limit cpus 8 is below the 12 that role web uses',
      errors: [{ path: 'limit.cpus', message: 'must be at least 12' }],
      hints: ['set the limit to 12 or more, or free 4 cpus first: tranche ps --role web --sort cpus'],
    };
    rest.answers.set('PATCH /v1/quotas/web', () => ({
      ...{ status: 409, type: 'application/problem+json' },
      body: JSON.stringify(problem),
    }));
    expect(await run('quota', 'set', 'web', '--limit', 'cpus=8')).toMatchObject({
      exitCode: 4,
      stderr: [
        'error: quota not set: limit cpus 8 is below the 12 that role web uses',
        '  set the limit to 12 or more, or free 4 cpus first: tranche ps --role web --sort cpus',
        '  (quota.limit_below_use, trace 9d0c4e11)',
        '',
      ].join('\n'),
    });
    expect((await run('quota', 'set', 'web', '--limit', 'cpus=8', '--dry-run')).stderr).toMatch(
      /^error: quota would not be set: limit cpus 8 /,
    );
  });
});

describe('tranche weight', () => {
  it('lists and sets weights', async () => {
    rest.answers.set('GET /v1/weights', page({ role: 'eng/dev', weight: 2.5 }));
    rest.answers.set('PUT /v1/weights/eng/dev', (_url, body) => ({
      body: JSON.stringify({ role: 'eng/dev', ...(JSON.parse(body) as object) }),
    }));
    expect((await run('weight', 'ls')).stdout).toBe('ROLE     WEIGHT\neng/dev     2.5\n');
    expect((await run('weight', 'set', 'eng/dev', '3')).stdout).toBe('weight of eng/dev is 3\n');
    expect((await run('weight', 'set', 'eng/dev', '4', '--dry-run')).stdout).toBe('weight of eng/dev would be 4\n');
    expect(changed()).toEqual([
      'PUT /v1/weights/eng/dev {"weight":3}',
      'PUT /v1/weights/eng/dev?dryRun=true {"weight":4}',
    ]);
    expect((await run('weight', 'set', 'eng/dev', 'many')).exitCode).toBe(2);
  });
});

describe('tranche role', () => {
  beforeEach(() => {
    rest.frameworks = [framework({ id: 'f1', name: 'spark' })];
    rest.answers.set(
      'GET /v1/roles',
      page(role('eng', { weight: 2 }), role('eng/dev', { consumed: { cpus: 1 }, frameworks: ['f1'] })),
    );
    const shares: ShareView[] = [
      { role: 'eng', share: 0.125, weight: 2, isActive: true },
      { role: 'eng/dev', frameworkId: 'f1', share: 0.9, weight: 1, isActive: true },
      { role: 'eng/dev', share: 0.25, weight: 1, isActive: true },
    ];
    rest.answers.set('GET /v1/shares', page(...shares));
  });

  it('shows roles below one another with their shares', async () => {
    expect((await run('role', 'tree')).stdout).toBe(
      [
        'ROLE   WEIGHT  SHARE  USED    GUARANTEE  LIMIT  FRAMEWORKS',
        'eng         2   25 %  -       -          -               0',
        '  dev       1   25 %  cpus 1  -          -               1',
        '',
      ].join('\n'),
    );
  });

  it('lists them, and describes one with who is in it', async () => {
    expect((await run('role', 'ls', '-o', 'name')).stdout).toBe('eng\neng/dev\n');
    expect((await run('role', 'describe', 'eng/dev')).stdout).toContain('frameworks  spark (connected, f1)');
    const { exitCode, stderr } = await run('role', 'describe', 'dev');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('do you mean eng/dev?')]);
  });
});
