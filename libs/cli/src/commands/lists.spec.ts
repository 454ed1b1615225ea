import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agent,
  amounts,
  ago,
  type CliResult,
  type FakeWorldOptions,
  FakeRest,
  framework,
  NOW_MS,
  offer,
  runInFakeWorld,
  task,
} from '../cli.fakes.js';

const CLUSTER = '9ad6b50a-0c04-42eb-ba4b-eee5f23b0298';

let cluster: FakeCluster;
let rest: FakeRest;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
});

afterEach(() => cluster.stop());

const run = (line: string, options?: FakeWorldOptions): Promise<CliResult> =>
  runInFakeWorld(['-u', cluster.url, ...line.split(' ')], options);

describe('tranche ps', () => {
  beforeEach(() => {
    rest.tasks = [
      task({ id: 'aaaa0001-web.0', name: 'web.0', healthy: true, restarts: 0, launchedAt: ago(300) }),
      task({
        id: 'aaaa0002-web.1',
        name: 'web.1',
        state: 'TASK_STAGING',
        cause: 'staging',
        restarts: 2,
        launchedAt: ago(2),
      }),
      task({
        id: 'bbbb0001-hog',
        name: 'hog',
        frameworkName: 'hog',
        frameworkId: 'f2',
        role: 'analytics/nightly',
        state: 'TASK_FAILED',
        cause: 'OOM 32 MiB',
        resources: amounts(1, 32),
        labels: { tier: 'batch' },
        launchedAt: ago(7200),
        endedAt: ago(7000),
      }),
    ];
  });

  it('prints what lives, oldest first, with the memory that its agents say it uses', async () => {
    rest.answers.set('GET /v1/agents/a1/monitor/statistics', () => {
      const used = { executor_id: 'aaaa0001-web.0', framework_id: 'f1', statistics: { mem_rss_bytes: 12 * 2 ** 20 } };
      return { body: JSON.stringify([used]) };
    });
    expect((await run('ps')).stdout).toBe(
      [
        'NAME   STATE    HEALTH   CAUSE    AGENT  CPUS            MEM  RESTARTS  AGE',
        'web.0  running  healthy  -        n1      0.1  12 MiB/64 MiB         0   5m',
        'web.1  staging  -        staging  n1      0.1       -/64 MiB         2   2s',
        '',
      ].join('\n'),
    );
  });

  it('prints what has ended as well with --all', async () => {
    expect((await run('ps --all')).stdout.split('\n')[1]).toBe(
      'hog    failed   -        OOM 32 MiB  n1        1  -/32 MiB         -   2h',
    );
  });

  it('prints whole ids and times with -o wide', async () => {
    const [head, row] = (await run('ps web.0 -o wide')).stdout.split('\n');
    expect(head).toMatch(/ID +FRAMEWORK +ROLE +USER +ENDED +SANDBOX UNTIL +TRACE$/);
    expect(row).toContain('2026-11-23T11:55:00.000Z  aaaa0001-web.0  web');
  });

  it.each([
    ['ps --json', { items: 2, asOf: 7 }],
    ['--json ps --all', { items: 3, asOf: 7 }],
    ['ps -o json --max 1', { items: 1, asOf: 7 }],
  ])('%s prints the REST resources', async (line, { items, asOf }) => {
    const page = JSON.parse((await run(line)).stdout) as { items: unknown[]; asOf: number };
    expect(page.items).toHaveLength(items);
    expect(page.asOf).toBe(asOf);
    expect(rest.tasks).toContainEqual(page.items[0]);
  });

  it('prints one object a line with -o jsonl, one id a line with -o name', async () => {
    expect((await run('ps -o jsonl')).stdout.trimEnd().split('\n')).toHaveLength(2);
    expect((await run('ps -o name --sort -name')).stdout).toBe('aaaa0002-web.1\naaaa0001-web.0\n');
  });

  it.each([
    ['ps --state failed', 'bbbb0001-hog'],
    ['ps --framework hog --all', 'bbbb0001-hog'],
    ['ps -l tier=batch --all', 'bbbb0001-hog'],
    ['ps --agent n1', 'aaaa0001-web.0 aaaa0002-web.1'],
    ['ps web', 'aaaa0001-web.0 aaaa0002-web.1'],
    ['ps hog', 'bbbb0001-hog'],
    ['ps --role analytics --all', 'bbbb0001-hog'],
    ['ps hog --role analytics -l tier=batch', 'bbbb0001-hog'],
    ['ps web --role analytics', ''],
    ['task ls web.1', 'aaaa0002-web.1'],
    ['ps --sort cpus --all --max 1', 'aaaa0001-web.0'],
  ])('%s lists %s', async (line, ids) => {
    rest.agents = [agent()];
    rest.frameworks = [framework(), framework({ id: 'f2', name: 'hog' })];
    expect((await run(`${line} -o name`)).stdout.trimEnd().replaceAll('\n', ' ')).toBe(ids);
  });

  it('says how to begin when there is nothing', async () => {
    rest.tasks = [];
    const { stdout, stderr, exitCode } = await run('ps');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
    expect(stderr).toBe('no tasks; tranche run -- sleep 60 starts one, --all shows those that have ended\n');
  });

  it('asks the cluster for those of a role, of labels and of attributes, and does not fetch the rest', async () => {
    await run('ps --role eng -l tier=web,canary');
    const { url } = rest.requests.at(-1) ?? {};
    expect(url?.pathname).toBe('/v1/tasks');
    expect([url?.searchParams.getAll('role'), url?.searchParams.getAll('label')]).toEqual([
      ['eng', 'eng/*'],
      ['tier=web,canary'],
    ]);
    await run('agent ls -l rack!=r1');
    const agents = rest.requests.at(-1)?.url;
    expect([agents?.pathname, agents?.searchParams.get('attribute')]).toEqual(['/v1/agents', 'rack!=r1']);
    expect(agents?.searchParams.getAll('state')).not.toContain('gone');
    const before = rest.requests.length;
    expect(await run('agent ls -l =r1')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('-l: "=r1" is not of the form NAME=VALUE or NAME!=VALUE'),
    });
    expect(rest.requests).toHaveLength(before);
  });

  it('reads all pages', async () => {
    rest.tasks = Array.from({ length: 2500 }, (_, n) => task({ id: `t${n}`, name: `t${n}` }));
    expect((await run('ps -o name')).stdout.trimEnd().split('\n')).toHaveLength(2500);
  });

  it('paints states on a terminal, and not without one or with NO_COLOR', async () => {
    const green = '\u001b[32mrunning\u001b[39m';
    expect((await run('ps', { isTerminal: true })).stdout).toContain(green);
    expect((await run('ps', { isTerminal: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(green);
    expect((await run('ps --no-color', { isTerminal: true })).stdout).not.toContain(green);
  });
});

describe('what has ended', () => {
  it('is asked for only where nothing that lives has the name', async () => {
    rest.tasks = [task({ id: 't1', name: 'web' }), task({ id: 't0', name: 'web', state: 'TASK_FAILED' }), task({ id: 'o1', name: 'old', state: 'TASK_FINISHED' })]; // biome-ignore format: tasks
    const asked = (): string[] =>
      rest.requests.splice(0).flatMap(({ url }) => (url.pathname === '/v1/tasks' ? [url.search] : []));
    await run('ps web -o name');
    expect(asked()).toEqual(['?live=true&limit=1000']);
    expect((await run('ps old -o name')).stdout).toBe('o1\n');
    expect(asked()).toEqual(['?live=true&limit=1000', '?live=false&startsWith=old&limit=1000']);
    expect((await run('ps --all web -o name')).stdout.split('\n').toSorted()).toEqual(['', 't0', 't1']);
    expect(asked()).toEqual(['?live=true&limit=1000', '?live=false&startsWith=web&limit=1000']);
  });

  it('is listed up to a thousand, or as many as are asked for, and it says so', async () => {
    rest.tasks = Array.from({ length: 1_200 }, (_, i) => task({ id: `t${i}`, name: `t${i}`, state: 'TASK_FINISHED' }));
    const all = await run('ps --all -o name');
    expect([all.stdout.trim().split('\n').length, all.stderr]).toEqual([
      1_000,
      'these are the newest 1000; --max N shows more\n',
    ]);
    const more = await run('ps --all --max 1100 -o name');
    expect([more.stdout.trim().split('\n').length, more.stderr]).toEqual([1_100, '']);
  });

  it('has a history by name', async () => {
    const ended = { state: 'TASK_FAILED', cause: 'exit 1', runningAt: '2026-11-23T10:00:00.000Z', endedAt: '2026-11-23T10:01:30.000Z', launchedAt: '2026-11-23T10:00:00.000Z' }; // biome-ignore format: a task
    rest.tasks = [task({ id: 'aaaa0001-web', name: 'web' }), task({ id: 'bbbb0001-web', name: 'web', ...ended }), task({ id: 'cccc0001-other', name: 'other', state: 'TASK_LOST' })]; // biome-ignore format: tasks
    expect((await run('task history web')).stdout).toBe(
      [
        'ID        NAME  FRAMEWORK  STATE    CAUSE   AGENT  LAUNCHED  RAN',
        'bbbb0001  web   web        failed   exit 1  n1           2h   1m',
        'aaaa0001  web   web        running  -       n1           4m    -',
        '',
      ].join('\n'),
    );
  });
});

describe('tranche agent ls', () => {
  it('prints agents with their use and their zone', async () => {
    rest.agents = [
      agent({ id: `${CLUSTER}-S0`, zone: 'eu-1' }),
      agent({
        id: `${CLUSTER}-S1`,
        hostname: 'n2',
        state: 'unreachable',
        stateSince: ago(40),
        used: amounts(0, 0),
        tasks: 0,
      }),
      agent({ id: `${CLUSTER}-S2`, hostname: 'n3', state: 'gone' }),
    ];
    expect((await run('agent ls')).stdout).toBe(
      [
        'NAME  STATE             CPUS            MEM        DISK  GPUS  TASKS  ZONE  AGE',
        'n1    active           0.5/2  512 MiB/2 GiB  0 B/10 GiB     -      1  eu-1   2h',
        'n2    unreachable 40s    0/2      0 B/2 GiB  0 B/10 GiB     -      0  -      2h',
        '',
      ].join('\n'),
    );
    expect((await run('agent ls --all -o name')).stdout.split('\n')).toHaveLength(4);
    expect((await run('agent ls -o wide')).stdout).toContain(`${CLUSTER}-S0`);
    rest.agents[1]!.attributes = { rack: 'r1' };
    expect((await run('agent ls -l rack=r1 -o name')).stdout).toBe(`${CLUSTER}-S1\n`);
  });

  it.each([
    [{ tasksAtStart: 7 }, 'draining 4/7'],
    // One came while the drain began.
    [{ tasksAtStart: 2 }, 'draining 0/3'],
    [{}, 'draining, 3 left'],
    [{ tasksAtStart: 7, state: 'drained' } as const, 'drained'],
  ])('prints how far a drain of %j is', async (more, text) => {
    const drain = { state: 'draining', markGone: false, startedAt: ago(60), ...more } as const;
    rest.agents = [agent({ id: `${CLUSTER}-S0`, state: 'deactivated', drain, tasks: 3 })];
    expect((await run('agent ls')).stdout).toContain(`n1    ${text}  `);
  });
});

describe('tranche framework ls', () => {
  it('prints frameworks with their share, and how long a disconnected one has', async () => {
    rest.agents = [agent({ total: amounts(10, 4096) })];
    rest.frameworks = [
      framework({ id: `${CLUSTER}-0000`, offers: 1, lastOfferAt: ago(3), used: amounts(0.5, 1024) }),
      framework({
        id: `${CLUSTER}-0001`,
        name: 'spark',
        state: 'disconnected',
        failoverDeadline: ago(-200),
        used: amounts(0, 0),
      }),
      framework({ id: `${CLUSTER}-0002`, name: 'idle', active: false, used: amounts(0, 0) }),
    ];
    expect((await run('framework ls')).stdout).toBe(
      [
        'NAME   STATE                 ROLES  TASKS  OFFERS  SHARE  LAST OFFER',
        'web    connected             *          1       1   25 %          3s',
        'spark  disconnected 3m left  *          1       0    0 %           -',
        'idle   inactive              *          1       0    0 %           -',
        '',
      ].join('\n'),
    );
  });
});

describe('tranche offer ls', () => {
  it('prints outstanding offers, their age and their end', async () => {
    rest.offers = [
      offer({ id: `${CLUSTER}-O12`, expiresAt: ago(-30) }),
      offer({ id: `${CLUSTER}-O13`, madeAt: ago(5) }),
    ];
    expect((await run('offer ls')).stdout).toBe(
      [
        'ID   FRAMEWORK  ROLE  AGENT  RESOURCES                           AGE  EXPIRES',
        'O12  web        *     n1     cpus 1.5 · mem 1.5 GiB · 100 ports   1m   in 30s',
        'O13  web        *     n1     cpus 1.5 · mem 1.5 GiB · 100 ports   5s        -',
        '',
      ].join('\n'),
    );
    expect((await run('offer ls --older 30s -o name')).stdout).toBe(`${CLUSTER}-O12\n`);
  });

  it('says so when there is none', async () => {
    expect((await run('offer ls')).stderr).toContain('no outstanding offers');
  });
});

describe('tranche status', () => {
  it('shows the cluster on one screen, and what needs attention', async () => {
    rest.answers.set('GET /version', () => ({ body: '{"version":"0.1.0"}' }));
    const startSeconds = (NOW_MS - 7_500_000) / 1000;
    rest.answers.set('POST /api/v1', (_url, body) => {
      expect(JSON.parse(body)).toEqual({ type: 'GET_MASTER' });
      return { body: JSON.stringify({ type: 'GET_MASTER', get_master: { start_time: startSeconds } }) };
    });
    const drain = { state: 'draining', markGone: false, startedAt: ago(5) } as const;
    const amount = { guarantee: {}, allocated: {}, offered: {}, reserved: {}, weight: 1, frameworks: [] };
    rest.roles = [
      { ...amount, name: 'analytics', limit: { cpus: 4, memBytes: 2 ** 30 }, consumed: { cpus: 4, memBytes: 5 } },
      { ...amount, name: 'free', limit: { cpus: 4, gpus: 0 }, consumed: { cpus: 3 } },
    ];
    rest.agents = [
      agent({ offered: amounts(1, 0) }),
      agent({ id: 'a2', hostname: 'n17', state: 'unreachable', stateSince: ago(40), tasks: 12 }),
      agent({ id: 'a3', hostname: 'n18', state: 'deactivated', total: amounts(0, 0), used: amounts(0, 0), drain }),
    ];
    rest.frameworks = [
      framework(),
      framework({ id: 'f2', name: 'spark', state: 'disconnected', failoverDeadline: ago(-7500) }),
      framework({ id: 'f3', name: 'old', state: 'recovered' }),
      framework({ id: 'f4', name: 'idle', state: 'disconnected', tasks: { staging: 0, running: 0, ended: 2 } }),
    ];
    rest.offers = [offer({ madeAt: ago(240) })];
    rest.tasks = [task(), task({ id: 't2', state: 'TASK_FAILED', endedAt: ago(60) })];
    const { stdout } = await run('status');
    expect(stdout).toBe(
      [
        `${cluster.url} · up 2h`,
        'agents      1 active · 1 draining · 1 unreachable',
        'cpus        █████░░░░░░░░░░░░░░░  0.5 / 2   offered 1',
        'mem         █████░░░░░░░░░░░░░░░  512 MiB / 2 GiB',
        'frameworks  1 connected · 1 recovered · 2 disconnected (spark, removed in 2h 5m; 1 more)',
        'tasks       1 running · 1 failed in the last hour',
        'attention   ▲ agent n17 unreachable for 40s, its 12 tasks wait           tranche agent describe n17',
        '            ▲ framework spark disconnected, removed in 2h 5m             tranche framework describe spark',
        '            ▲ web has held an offer for 4m (75 % of cpus)                tranche offer ls --framework web',
        '            ▲ role analytics is at its cpus limit                        tranche explain role analytics',
        '            ▲ a task failed in the last hour                             tranche ps --state failed,error,lost,dropped',
        '',
      ].join('\n'),
    );
  });

  it('tells the version where it may not ask since when the cluster is up', async () => {
    rest.answers.set('GET /version', () => ({ body: '{"version":"0.1.0"}' }));
    expect((await run('status')).stdout.split('\n')[0]).toBe(`${cluster.url} · version 0.1.0`);
  });

  it('shows the rest, and what is not known, when a service is away', async () => {
    const away = () => ({ status: 503, body: '{"code":"gateway.service_unavailable","detail":"offers is not ready"}' });
    rest.answers.set('GET /version', () => ({ body: '{"version":"0.1.0"}' }));
    for (const path of ['frameworks', 'offers', 'tasks']) rest.answers.set(`GET /v1/${path}`, away);
    rest.agents = [agent()];
    expect((await run('status')).stdout.split('\n').slice(1)).toEqual([
      'agents      1 active',
      'cpus        █████░░░░░░░░░░░░░░░  0.5 / 2',
      'mem         █████░░░░░░░░░░░░░░░  512 MiB / 2 GiB',
      'frameworks  not known',
      'tasks       not known',
      'attention   ▲ offers does not answer: frameworks, offers and tasks are not known tranche doctor',
      '',
    ]);
    const status = JSON.parse((await run('status --json')).stdout) as Record<string, unknown>;
    expect([Object.keys(status).includes('tasks'), status.missing]).toEqual([false, ['offers']]);
  });

  it('fails when none answers', async () => {
    const away = () => ({ status: 503, body: '{"detail":"not ready"}' });
    for (const path of ['/version', '/v1/agents', '/v1/frameworks', '/v1/offers', '/v1/tasks', '/v1/roles'])
      rest.answers.set(`GET ${path}`, away);
    const { exitCode, stderr } = await run('status');
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('not ready')]);
  });

  it('is one object with --json', async () => {
    rest.answers.set('GET /version', () => ({ body: '{"version":"0.1.0"}' }));
    rest.agents = [agent()];
    const status = JSON.parse((await run('status --json')).stdout) as Record<string, unknown>;
    expect(status).toMatchObject({
      version: '0.1.0',
      agents: { active: 1 },
      resources: { cpus: { used: 0.5, total: 2 } },
    });
  });
});

describe('--watch', () => {
  it('shows again what is no list, when it is another than before, and remarks once', async () => {
    const { fakeWorld } = await import('../cli.fakes.js');
    const { runCli } = await import('../cli.js');
    rest.frameworks = [framework()];
    const world = fakeWorld({ isLive: true, speed: 100 });
    const exit = runCli(['-u', cluster.url, 'framework', 'describe', 'web', '-w', '-o', 'jsonl'], world.io);
    while (!world.stdout().includes('"connected"')) await new Promise(setImmediate);
    const asked = (): number => rest.requests.filter(({ url }) => url.pathname === '/v1/frameworks').length;
    const before = asked();
    while (asked() < before + 2) await new Promise(setImmediate);
    rest.frameworks = [framework({ state: 'disconnected' })];
    while (!world.stdout().includes('"disconnected"')) await new Promise(setImmediate);
    world.signal('SIGINT');
    expect(await exit).toBe(0);
    expect(world.stdout().trimEnd().split('\n')).toHaveLength(2);
  });

  it('goes on when the cluster has been away, and says so', async () => {
    const { fakeWorld } = await import('../cli.fakes.js');
    const { runCli } = await import('../cli.js');
    for (const command of [
      ['framework', 'ls'],
      ['framework', 'describe', 'web'],
    ]) {
      rest.frameworks = [framework()];
      const world = fakeWorld({ isLive: true, speed: 100 });
      const exit = runCli(['-u', cluster.url, ...command, '-w', '-o', 'jsonl'], world.io);
      while (!world.stdout().includes('"connected"')) await new Promise(setImmediate);
      rest.answers.set('GET /v1/frameworks', () => ({ status: 503, type: 'text/plain', body: 'no offers' }));
      while (!world.stderr().includes('no offers; trying again')) await new Promise(setImmediate);
      rest.frameworks = [framework({ state: 'disconnected' })];
      rest.answers.delete('GET /v1/frameworks');
      while (!world.stdout().includes('"disconnected"')) await new Promise(setImmediate);
      world.signal('SIGINT');
      expect(await exit).toBe(0);
      expect(world.stderr()).toContain('the cluster answers again');
    }
  });

  it('draws it again on a terminal', async () => {
    const { fakeWorld } = await import('../cli.fakes.js');
    const { runCli } = await import('../cli.js');
    rest.frameworks = [framework()];
    const world = fakeWorld({ isLive: true, speed: 100, isTerminal: true });
    const exit = runCli(['-u', cluster.url, 'framework', 'describe', 'web', '-w'], world.io);
    while (!world.stdout().includes('connected')) await new Promise(setImmediate);
    world.signal('SIGINT');
    expect(await exit).toBe(0);
    expect(world.stdout().startsWith('\u001b[H\u001b[2Jframework')).toBe(true);
  });

  it('prints each change, until Ctrl-C', async () => {
    const { fakeWorld } = await import('../cli.fakes.js');
    const { runCli } = await import('../cli.js');
    rest.tasks = [task()];
    const world = fakeWorld({ isLive: true, speed: 100 });
    const exit = runCli(['-u', cluster.url, 'ps', '-w', '-o', 'jsonl'], world.io);
    while (!world.stdout().includes('TASK_RUNNING')) await new Promise(setImmediate);
    rest.tasks = [task({ state: 'TASK_KILLING' })];
    while (!world.stdout().includes('TASK_KILLING')) await new Promise(setImmediate);
    world.signal('SIGINT');
    expect(await exit).toBe(0);
    expect(world.stdout().trimEnd().split('\n')).toHaveLength(2);
  });
});
