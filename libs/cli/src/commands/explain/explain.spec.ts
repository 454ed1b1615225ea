import type { AgentExplanationView, ExplanationView, RoleExplanationView } from '@tranche/contracts';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, ago, type CliResult, FakeRest, framework, runInFakeWorld } from '../../cli.fakes.js';

const MIB = 2 ** 20;

/** A role at its limit: 40 agents, some of which have other obstacles. */
const spark = (view: Partial<ExplanationView> = {}): ExplanationView => ({
  frameworkId: 'f1',
  frameworkName: 'spark',
  role: 'analytics',
  summary: [
    'spark, role analytics: no offer for 4m 12s.',
    'The quota limit of role analytics is reached (analytics cpus 64 of 64), so 27 agents were passed over.',
  ],
  agents: 40,
  offered: { agents: 0, amounts: {} },
  funnel: [
    { code: 'agent.inactive', agents: 3, left: 37, text: '2 deactivated, 1 unreachable', also: [] },
    { code: 'agent.reserved', agents: 10, left: 27, text: 'to kafka 6, to ads 4', also: [] },
    {
      code: 'quota.limit',
      agents: 27,
      left: 0,
      text: 'analytics cpus 64 of 64',
      also: [{ code: 'filter.declined', agents: 9, text: 'by itself, 12 to 87 s left' }],
    },
  ],
  helps: [
    {
      code: 'quota.limit',
      text: 'raise the limit of role analytics',
      command: 'tranche quota set analytics --limit cpus=96',
      agents: 18,
      later: { agents: 27, inMs: 86_200 },
    },
    { code: 'filter.declined', text: 'REVIVE role analytics, or wait', agents: 0, withAllBefore: 27 },
  ],
  largestFree: [],
  totalFree: {},
  asOf: { run: 88_213, at: ago(0.4), nextRunInMs: 600 },
  ...view,
});

let cluster: FakeCluster;
let rest: FakeRest;
beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
});
afterEach(() => cluster.stop());

const run = (...args: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, 'explain', ...args]);
const answers = (path: string, body: unknown): void =>
  void rest.answers.set(`GET ${path}`, () => ({ body: JSON.stringify(body) }));
const asked = (): URLSearchParams | undefined => rest.requests.at(-1)?.url.searchParams;

describe('tranche explain framework', () => {
  beforeEach(() => {
    rest.frameworks = [
      framework({ id: 'f1', name: 'spark' }),
      framework({ id: 'f0', name: 'spark', state: 'removed' }),
    ];
    answers('/v1/explain/frameworks/f1', spark());
  });

  it('tells how the funnel has moved, with --since', async () => {
    const history = [
      {
        ...{ from: '2026-11-23T11:50:00.000Z', until: '2026-11-23T11:54:10.000Z', agents: 40, offered: 3 },
        funnel: [{ code: 'agent.in_use', agents: 37, text: '' }],
      },
      {
        ...{ from: '2026-11-23T11:54:20.000Z', until: '2026-11-23T11:59:50.000Z', agents: 40, offered: 0 },
        funnel: [
          { code: 'agent.inactive', agents: 3, text: '' },
          { code: 'quota.limit', agents: 37, text: '' },
        ],
      },
    ];
    answers('/v1/explain/frameworks/f1', spark({ history }));
    const { stdout } = await run('framework', 'spark', '--since', '1h');
    expect(asked()?.get('sinceMs')).toBe('3600000');
    expect(stdout).toContain(
      [
        '  moved   11:50:00  4m 10s   3 of 40 agents  −37 agent.in_use',
        '          11:54:20  5m 30s   0 of 40 agents  −3 agent.inactive  −37 quota.limit',
      ].join('\n'),
    );
    answers('/v1/explain/frameworks/f1', spark({ history: [] }));
    expect((await run('framework', 'spark', '--since', '5m')).stdout).toContain('moved   nothing is known');
    expect(await run('framework', 'spark', '--since', 'soon')).toMatchObject({ exitCode: 2 });
  });

  it('prints the funnel, what is behind it and what would help, and exits with 6', async () => {
    const { stdout, exitCode } = await run('framework', 'spark');
    expect(exitCode).toBe(6);
    expect(stdout).toBe(
      [
        'spark, role analytics: no offer for 4m 12s.',
        'The quota limit of role analytics is reached (analytics cpus 64 of 64), so 27 agents were passed over.',
        '  40 agents',
        '  −3   agent.inactive  2 deactivated, 1 unreachable      37',
        '  −10  agent.reserved  to kafka 6, to ads 4              27',
        '  −27  quota.limit     analytics cpus 64 of 64            0',
        '       9 of them also  filter.declined  by itself, 12 to 87 s left',
        '  would be offered now: none',
        '  helps   tranche quota set analytics --limit cpus=96    18 agents now, 27 in 87 s',
        '          REVIVE role analytics, or wait                 0 agents now, 27 with what is above',
        '  as of run 88,213, 0.4 s ago    every agent, every blocker: --agents',
        '',
      ].join('\n'),
    );
  });

  it('says of several commands what they do together', async () => {
    const commands = ['tranche agent activate n1', 'tranche agent activate n2'];
    const helps = [{ code: 'agent.inactive', text: 'the agents are activated', commands, agents: 2 }];
    answers('/v1/explain/frameworks/f1', spark({ helps }));
    expect((await run('framework', 'spark')).stdout).toContain(
      '  helps   tranche agent activate n1\n          tranche agent activate n2    all 2: 2 agents now\n',
    );
  });

  it('lists every obstacle of each agent with --agents, and asks for a role with --role', async () => {
    const items = [
      {
        id: 'a1',
        hostname: 'n1',
        blockers: [
          { code: 'quota.limit', text: 'x' },
          { code: 'filter.declined', text: 'y' },
        ],
      },
      { id: 'a2', hostname: 'n2', blockers: [], offer: { cpus: 2, memBytes: 64 * MIB, ports: 1 } },
    ];
    const offered = { agents: 1, amounts: { cpus: 2 } };
    answers('/v1/explain/frameworks/f1', spark({ items, offered }));
    const { stdout, exitCode } = await run('framework', 'f1', '--agents', '--role', 'analytics');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('would be offered now: 1 agent (cpus 2)    run.pending  the next run is due in 600 ms\n');
    expect(stdout.split('\n\n')[1]).toBe(
      [
        'AGENT  BLOCKER          VALUES',
        'n1     quota.limit      x',
        '       filter.declined  y',
        'n2     offered          cpus 2 · mem 64 MiB · 1 port',
        '',
      ].join('\n'),
    );
    expect(asked()?.toString()).toBe('role=analytics&agents=true');
  });

  it('prints the REST resource with --json', async () => {
    const { stdout, exitCode } = await run('framework', 'spark', '--json');
    expect([JSON.parse(stdout), exitCode]).toEqual([spark(), 6]);
  });

  it('exits with 3 when there is no such framework', async () => {
    expect((await run('framework', 'flink')).exitCode).toBe(3);
  });
});

describe('tranche explain --cpus …', () => {
  it('asks for the shape in the units of the API and prints where the most is', async () => {
    const shape = { amounts: { cpus: 64, memBytes: 512 * MIB } };
    const largestFree = [{ name: 'cpus', amount: 4, agentId: 'a1', hostname: 'n1' }];
    answers('/v1/explain', spark({ shape, largestFree, totalFree: { cpus: 6 } }));
    const { stdout } = await run(
      ...['--cpus', '64', '--mem', '512m', '--ports', '2', '--role', 'r', '--where', 'rack=r1', '--where', 'zone=a'],
    );
    expect(asked()?.toString()).toBe('cpus=64&memBytes=536870912&ports=2&where=rack%3Dr1&where=zone%3Da&role=r');
    expect(stdout).toContain('  largest free: cpus 4 on n1    in all cpus 6\n');
  });

  it.each([[['--cpus', 'many']], [['--mem', '512']], [[]]])('refuses %j', async (args) => {
    expect((await run(...args)).exitCode).toBe(2);
  });
});

describe('tranche explain role', () => {
  it('prints quota, what counts as use, what is kept back and who is before it', async () => {
    const view: RoleExplanationView = {
      role: 'a/b',
      chargedTo: 'a',
      weight: 2,
      share: 0.125,
      guarantee: { cpus: 8 },
      limit: { cpus: 16, gpus: 0 },
      used: { cpus: 5 },
      counted: { reserved: { cpus: 1 }, held: { cpus: 4 }, offered: { cpus: 2 } },
      headroom: {
        available: { cpus: 20 },
        lacking: { cpus: 3 },
        keptForOthers: [{ role: 'gold', amounts: { cpus: 2 } }],
      },
      ahead: [{ role: 'dev', share: 0.05 }],
      frameworks: [{ id: 'f1', name: 'spark', share: 0.25, state: 'active', held: { cpus: 4 } }],
    };
    answers('/v1/explain/roles/a/b', view);
    expect((await run('role', 'a/b')).stdout).toBe(
      [
        'role a/b    charged to role a',
        '  guarantee   cpus 8',
        '  limit       cpus 16 · no gpus',
        '  used        cpus 5',
        '    reserved  cpus 1    reservations count, used or not',
        '    held      cpus 4    unreserved; cpus 2 of it offered',
        '  headroom    cpus 20 free, cpus 3 still guaranteed to it',
        '              cpus 2 kept for gold',
        '  share       12.5 % by weight 2',
        '  before it   dev 5 %: lower shares are served first',
        '',
        'FRAMEWORK  STATE   SHARE  HOLDS',
        'spark      active   25 %  cpus 4',
        '',
      ].join('\n'),
    );
  });
});

describe('tranche explain agent', () => {
  it('prints each resource by owner, and why what is idle is idle', async () => {
    rest.agents = [agent()];
    const view: AgentExplanationView = {
      id: 'a1',
      hostname: 'n1',
      state: 'active',
      stateSince: ago(60),
      total: { cpus: 4 },
      free: { cpus: 1 },
      reservedFree: [{ role: 'ads', amounts: { cpus: 1 } }],
      inUse: [{ frameworkId: 'f1', frameworkName: 'web', role: '*', amounts: { cpus: 2 } }],
      offered: [
        { offerId: 'o1', frameworkId: 'f2', frameworkName: 'spark', role: 'r', madeAt: ago(30), amounts: { cpus: 1 } },
      ],
      takers: [
        {
          frameworkId: 'f1',
          frameworkName: 'web',
          role: '*',
          blockers: [{ code: 'agent.reserved', text: 'to ads 1' }],
        },
      ],
    };
    answers('/v1/explain/agents/a1', view);
    expect((await run('agent', 'n1')).stdout).toBe(
      [
        'agent n1, active for 1m',
        '  total      cpus 4',
        '  in use     cpus 2    by web, role *',
        '  offered    cpus 1    to spark, role r, for 30s',
        '  free       cpus 1',
        '    reserved cpus 1    to role ads',
        '  idle, as   web, role *: agent.reserved (to ads 1)',
        '',
      ].join('\n'),
    );
  });
});

describe('tranche explain NAME', () => {
  beforeEach(() => {
    rest.frameworks = [framework({ id: 'f1', name: 'spark' })];
    rest.agents = [agent()];
    answers('/v1/explain/frameworks/f1', spark());
  });

  it('explains what has the name', async () => {
    const { stdout, exitCode } = await run('spark');
    expect([stdout.split('\n')[0], exitCode]).toEqual(['spark, role analytics: no offer for 4m 12s.', 6]);
  });

  it('names the commands where several have it', async () => {
    rest.agents = [agent({ hostname: 'spark' })];
    const { stderr, exitCode } = await run('spark');
    expect([stderr.split('\n').slice(0, 3), exitCode]).toEqual([
      [
        'error: "spark" is a framework and an agent',
        '  explain the framework: tranche explain framework spark',
        '  explain the agent: tranche explain agent spark',
      ],
      2,
    ]);
  });

  it('says when nothing has it, and when a shape is given with it', async () => {
    const nothing = await run('sprak');
    expect([nothing.stderr.split('\n')[0], nothing.exitCode]).toEqual([
      'error: no framework, task, role or agent matches "sprak"',
      3,
    ]);
    expect((await run('spark', '--cpus', '4')).stderr).toContain('--cpus describes a shape, "spark" is a name');
  });
});
