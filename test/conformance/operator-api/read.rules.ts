import type { MasterCallType } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { type OperatorRule, rule } from './operator-rule.js';

const NANOSECONDS = /^\d{19}$/;

/** Calls that show something. */
export const READ_RULES: readonly OperatorRule[] = [
  rule('§2 GET_HEALTH', 'it is healthy', async (stage) => {
    expect(await stage.ask({ type: 'GET_HEALTH' })).toEqual({ type: 'GET_HEALTH', get_health: { healthy: true } });
  }),
  rule('§2 GET_FLAGS', 'settings have the names of Mesos, and texts for values', async (stage) => {
    const { get_flags } = await stage.ask({ type: 'GET_FLAGS' });
    const flags = Object.fromEntries((get_flags?.flags ?? []).map(({ name, value }) => [name, value]));
    expect(flags).toMatchObject({ agent_ping_timeout: expect.any(String), port: String(stage.cluster.port) });
  }),
  rule('§2 GET_VERSION', 'it tells version, build and who built it', async (stage) => {
    const { get_version } = await stage.ask({ type: 'GET_VERSION' });
    expect(get_version?.version_info).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      build_user: expect.any(String),
      build_time: expect.any(Number),
    });
  }),
  rule('§2 GET_METRICS', 'metrics are sorted by their names', async (stage) => {
    const { get_metrics } = await stage.ask({ type: 'GET_METRICS', get_metrics: {} });
    const names = (get_metrics?.metrics ?? []).map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(names).toContain('master/uptime_secs');
  }),
  rule('§2 GET_LOGGING_LEVEL, SET_LOGGING_LEVEL', 'the level is told, and raised for a while', async (stage) => {
    const level = async () => (await stage.ask({ type: 'GET_LOGGING_LEVEL' })).get_logging_level?.level;
    expect(await level()).toBe(0);
    const set_logging_level = { level: 1, duration: { nanoseconds: 300_000_000 } };
    const [status] = await stage.told({ type: 'SET_LOGGING_LEVEL', set_logging_level });
    if (status === 200) expect(await level()).toBe(1);
    else expect(status).toBe(500);
    await expect.poll(level).toBe(0);
  }),
  rule('§2 LIST_FILES, READ_FILE', 'what is not there is not found', async (stage) => {
    expect(await stage.told({ type: 'LIST_FILES', list_files: { path: '/nosuch' } })).toEqual([404, '']);
    expect(await stage.told({ type: 'READ_FILE', read_file: { path: '/etc/passwd', offset: 0 } })).toEqual([404, '']);
  }),
  rule(
    '§2 READ_FILE log',
    'the log is read in parts where its file is known, and is not found elsewhere',
    async (stage) => {
      const files = await stage.json<Record<string, string>>('/files/debug');
      const read = { type: 'READ_FILE' as const, read_file: { path: '/master/log', offset: 0, length: 10 } };
      if (files['/master/log'] === undefined) {
        expect(await stage.told(read)).toEqual([404, '']);
        return;
      }
      const { read_file } = await stage.ask(read);
      expect(Number(read_file?.size)).toBeGreaterThan(10);
      expect(Buffer.from(read_file?.data ?? '', 'base64')).toHaveLength(10);
      const { list_files } = await stage.ask({ type: 'LIST_FILES', list_files: { path: '/master/log' } });
      expect(list_files?.file_infos ?? []).toEqual([]);
    },
  ),
  rule('§2 GET_MASTER', 'the master is at the public address, since when it works', async (stage) => {
    const { get_master } = await stage.ask({ type: 'GET_MASTER' });
    const { port } = stage.cluster;
    expect(get_master).toMatchObject({
      master_info: { port, hostname: '127.0.0.1', pid: `master@127.0.0.1:${port}` },
      start_time: expect.any(Number),
      elected_time: expect.any(Number),
    });
  }),
  rule('§2.1 agents', 'each agent is shown with what it has, what is allocated and offered of it', async (stage) => {
    const holder = stage.holder();
    await expect.poll(() => holder.offers.size).toBeGreaterThan(0);
    const agents = async () => (await stage.ask({ type: 'GET_AGENTS' })).get_agents?.agents ?? [];
    await expect
      .poll(async () => (await agents()).some(({ offered_resources = [] }) => offered_resources.length > 0))
      .toBe(true);
    const agent = (await agents()).find(({ agent_info }) => agent_info.id?.value === stage.agentId);
    expect(agent).toMatchObject({
      agent_info: { hostname: expect.any(String), port: expect.any(Number) },
      active: true,
      deactivated: false,
      version: expect.any(String),
      pid: expect.stringMatching(/^slave\(1\)@127\.0\.0\.1:\d+$/),
      registered_time: { nanoseconds: expect.anything() },
      total_resources: expect.arrayContaining([{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, role: '*' }]),
    });
    expect(String(agent?.registered_time?.nanoseconds)).toMatch(NANOSECONDS);
    const capabilities = (agent?.capabilities ?? []).map(({ type }) => type);
    expect(capabilities).toEqual(
      expect.arrayContaining([
        'MULTI_ROLE',
        'HIERARCHICAL_ROLE',
        'RESERVATION_REFINEMENT',
        'RESIZE_VOLUME',
        'AGENT_DRAINING',
      ]),
    );
  }),
  rule(
    '§2.1 frameworks',
    'each framework is shown with its offers and what it holds, and stays when it has ended',
    async (stage) => {
      const runner = stage.runner();
      await expect.poll(() => runner.states).toContain('TASK_RUNNING');
      const frameworks = async () => (await stage.ask({ type: 'GET_FRAMEWORKS' })).get_frameworks;
      const own = async () =>
        (await frameworks())?.frameworks?.find(({ framework_info }) => framework_info.name === runner.role);
      await expect.poll(own).toMatchObject({
        active: true,
        connected: true,
        recovered: false,
        registered_time: { nanoseconds: expect.anything() },
        allocated_resources: expect.arrayContaining([
          expect.objectContaining({ name: 'cpus', scalar: { value: 0.1 } }),
        ]),
      });
      await runner.end();
      await expect
        .poll(async () => (await frameworks())?.completed_frameworks?.map(({ framework_info }) => framework_info.name))
        .toContain(runner.role);
    },
  ),
  rule('§2.1 tasks', 'tasks are shown by where they are: live, then completed', async (stage) => {
    const runner = stage.runner();
    await expect.poll(() => runner.states).toContain('TASK_RUNNING');
    const named = async (list: 'tasks' | 'completed_tasks') =>
      (await stage.ask({ type: 'GET_TASKS' })).get_tasks?.[list]?.find(
        ({ task_id }) => task_id.value === `${runner.role}-1`,
      );
    await expect
      .poll(() => named('tasks'))
      .toMatchObject({ state: 'TASK_RUNNING', agent_id: { value: expect.any(String) } });
    await runner.end();
    await expect.poll(() => named('completed_tasks')).toMatchObject({ state: 'TASK_KILLED' });
    expect(await named('tasks')).toBeUndefined();
  }),
  rule('§2.1 operations', 'an operation is shown until nothing more will come of it', async (stage) => {
    const { get_operations } = await stage.ask({ type: 'GET_OPERATIONS' });
    expect(get_operations?.operations ?? []).toEqual([]);
  }),
  rule('§2 GET_ROLES', 'roles have weight, frameworks, and what is allocated and offered', async (stage) => {
    const holder = stage.holder();
    await expect.poll(() => holder.offers.size).toBeGreaterThan(0);
    const own = async () =>
      (await stage.ask({ type: 'GET_ROLES' })).get_roles?.roles?.find(({ name }) => name === holder.role);
    await expect.poll(own).toMatchObject({
      weight: 1,
      frameworks: [{ value: holder.id }],
      resources: expect.arrayContaining([expect.objectContaining({ name: 'cpus' })]),
    });
  }),
  rule('§2 GET_STATE', 'it is GET_TASKS, GET_EXECUTORS, GET_FRAMEWORKS and GET_AGENTS at once', async (stage) => {
    const { get_state } = await stage.ask({ type: 'GET_STATE' });
    expect(get_state).toMatchObject({
      get_tasks: expect.any(Object),
      get_executors: expect.any(Object),
      get_frameworks: expect.any(Object),
      get_agents: { agents: expect.any(Array) },
    });
    expect(get_state?.get_agents?.agents).toHaveLength(3);
  }),
  rule(
    '§1 JSON arrays',
    'answers that are built field by field have their lists also when they are empty',
    async (stage) => {
      const lists: [MasterCallType, string, string[]][] = [
        ['GET_AGENTS', 'get_agents', ['agents', 'recovered_agents']],
        ['GET_FRAMEWORKS', 'get_frameworks', ['frameworks', 'completed_frameworks']],
        ['GET_EXECUTORS', 'get_executors', ['executors']],
        ['GET_TASKS', 'get_tasks', ['tasks', 'unreachable_tasks', 'completed_tasks']],
      ];
      for (const [type, member, names] of lists) {
        const { text } = await stage.send('POST', '/api/v1', Buffer.from(JSON.stringify({ type })), {
          'content-type': 'application/json',
        });
        const body = JSON.parse(text) as Record<string, Record<string, unknown>>;
        expect(Object.keys(body[member] ?? {})).toEqual(expect.arrayContaining(names));
      }
    },
  ),
];
