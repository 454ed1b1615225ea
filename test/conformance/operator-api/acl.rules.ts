import type { MasterCall, Resource } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { AclCluster } from './acl-cluster.js';
import { UserFramework } from './acl-frameworks.js';
import { type OperatorRule, rule } from './operator-rule.js';

const FORBIDDEN = '403 Forbidden.';

const reserved = (role: string, more: Partial<Resource> = {}, reserver = 'dev'): Resource => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 64 },
  reservations: [{ type: 'DYNAMIC', role, principal: reserver }],
  ...more,
});
const volume = (role: string): Resource =>
  reserved(role, {
    disk: { persistence: { id: 'v', principal: 'dev' }, volume: { container_path: 'v', mode: 'RW' } },
  });
const machines = [{ hostname: 'h' }];

/** What `dev` may see where it may not see all. */
const SEEN = {
  ...{ view_frameworks: ['nobody'], view_tasks: ['nobody'], view_executors: ['nobody'] },
  view_roles: ['eng', 'nobody'],
} as const;
const USERS = ['nobody', 'root'];

interface Summary {
  readonly slaves: { readonly framework_ids: string[] }[];
  readonly frameworks: { readonly name: string }[];
}

/** Names of frameworks, ids of tasks, roles of what is reserved on agents. */
const sightOf = (users: readonly string[], roles: readonly string[]): object => ({
  ...{ frameworks: users, tasks: users.map((user) => `${user}-1`) },
  roles,
});
/** Without what the cluster has checked itself with. */
const sorted = (names: Iterable<string | undefined>): string[] => {
  const shown = [...names].flatMap((name) => (name === undefined || name.includes('self-check') ? [] : [name]));
  return [...new Set(shown)].toSorted();
};
const rolesIn = (resources: readonly Resource[] = []): string[] =>
  resources.flatMap(({ reservations = [] }) => reservations.flatMap(({ role }) => role ?? []));

type Look = (one: AclCluster, who: 'ops' | 'dev') => Promise<object>;

const lookByCalls: Look = async (one, who) => {
  const { get_frameworks } = await one.ask(who, { type: 'GET_FRAMEWORKS' });
  const { get_tasks } = await one.ask(who, { type: 'GET_TASKS' });
  const { get_agents } = await one.ask(who, { type: 'GET_AGENTS' });
  return {
    frameworks: sorted((get_frameworks?.frameworks ?? []).map(({ framework_info }) => framework_info.name)),
    tasks: sorted((get_tasks?.tasks ?? []).map(({ task_id }) => task_id.value)),
    roles: sorted((get_agents?.agents ?? []).flatMap(({ total_resources }) => rolesIn(total_resources))),
  };
};

const lookByState: Look = async (one, who) => {
  const { get_state: state } = await one.ask(who, { type: 'GET_STATE' });
  return {
    frameworks: sorted((state?.get_frameworks?.frameworks ?? []).map(({ framework_info }) => framework_info.name)),
    tasks: sorted((state?.get_tasks?.tasks ?? []).map(({ task_id }) => task_id.value)),
    roles: sorted((state?.get_agents?.agents ?? []).flatMap(({ total_resources }) => rolesIn(total_resources))),
  };
};

interface ClassicState {
  readonly frameworks: { readonly name: string; readonly tasks: { readonly id: string }[] }[];
  readonly slaves: { readonly reserved_resources: object }[];
}

/** `/state`, `/frameworks`, `/tasks` and `/slaves`, which have to agree. */
const lookByPaths: Look = async (one, who) => {
  const state = await one.json<ClassicState>(who, '/state');
  const listed = await one.json<Pick<ClassicState, 'frameworks'>>(who, '/frameworks');
  const { tasks } = await one.json<{ tasks: { id: string }[] }>(who, '/tasks');
  const { slaves } = await one.json<Pick<ClassicState, 'slaves'>>(who, '/slaves');
  const shown = [state, listed].map(({ frameworks }) => ({
    frameworks: sorted(frameworks.map(({ name }) => name)),
    tasks: sorted(frameworks.flatMap((framework) => framework.tasks.map(({ id }) => id))),
  }));
  expect(shown[1]).toEqual(shown[0]);
  expect(sorted(tasks.map(({ id }) => id))).toEqual(shown[0]?.tasks);
  const roles = [state.slaves, slaves].map((agents) =>
    sorted(agents.flatMap(({ reserved_resources }) => Object.keys(reserved_resources))),
  );
  expect(roles[1]).toEqual(roles[0]);
  return { ...shown[0], roles: roles[0] };
};

const lookByRest: Look = async (one, who) => {
  const items = async (path: string): Promise<Record<string, string>[]> =>
    (await one.json<{ items: Record<string, string>[] }>(who, `/v1/${path}`)).items;
  const events = await items('events?type=TASK_ADDED');
  const tasks = sorted((await items('tasks?count=true')).map(({ id }) => id));
  expect(sorted(events.map(({ taskId }) => taskId))).toEqual(tasks);
  const frameworks = await items('frameworks');
  const offers = sorted((await items('offers')).map(({ frameworkName }) => frameworkName));
  expect(sorted(frameworks.map(({ name }) => name))).toEqual(expect.arrayContaining(offers));
  return {
    frameworks: sorted(frameworks.map(({ name }) => name)),
    tasks,
    roles: sorted((await items('reservations')).map(({ role }) => role)),
  };
};

/** Every call that changes something, or shows what cannot be filtered. */
const calls = (agentId: string, frameworkId: string, role: string): readonly MasterCall[] => {
  const agent_id = { value: agentId };
  return [
    { type: 'GET_FLAGS' },
    { type: 'SET_LOGGING_LEVEL', set_logging_level: { level: 0, duration: { nanoseconds: 0 } } },
    { type: 'LIST_FILES', list_files: { path: '/master/log' } },
    { type: 'READ_FILE', read_file: { path: '/master/log', offset: 0 } },
    { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role, weight: 2 }] } },
    { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [{ role }] } },
    { type: 'SET_QUOTA', set_quota: { quota_request: { role, guarantee: [] } } },
    { type: 'REMOVE_QUOTA', remove_quota: { role } },
    { type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources: [reserved(role)] } },
    { type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id, resources: [reserved(role)] } },
    { type: 'CREATE_VOLUMES', create_volumes: { agent_id, volumes: [volume(role)] } },
    { type: 'DESTROY_VOLUMES', destroy_volumes: { agent_id, volumes: [volume(role)] } },
    { type: 'GROW_VOLUME', grow_volume: { agent_id, volume: volume(role), addition: reserved(role) } },
    { type: 'SHRINK_VOLUME', shrink_volume: { agent_id, volume: volume(role), subtract: { value: 1 } } },
    { type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule: {} } },
    { type: 'START_MAINTENANCE', start_maintenance: { machines } },
    { type: 'STOP_MAINTENANCE', stop_maintenance: { machines } },
    { type: 'DRAIN_AGENT', drain_agent: { agent_id } },
    { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } },
    { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } },
    { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id } },
    { type: 'TEARDOWN', teardown: { framework_id: { value: frameworkId } } },
  ];
};

const CLASSIC: readonly (readonly [method: string, path: string, body?: string])[] = [
  ['GET', '/flags'],
  ['GET', '/metrics/snapshot'],
  ['GET', '/logging/toggle'],
  ['GET', '/files/debug'],
  ['GET', '/files/read?path=/master/log'],
  ['PUT', '/weights', '[{"role":"web","weight":2}]'],
  ['POST', '/quota', '{"role":"web","guarantee":[{"name":"cpus","type":"SCALAR","scalar":{"value":1}}]}'],
  ['DELETE', '/quota/web'],
  ['POST', '/reserve', `slaveId=x&resources=${encodeURIComponent(JSON.stringify([reserved('web')]))}`],
  ['POST', '/unreserve', `slaveId=x&resources=${encodeURIComponent(JSON.stringify([reserved('web')]))}`],
  ['POST', '/create-volumes', `slaveId=x&volumes=${encodeURIComponent(JSON.stringify([volume('web')]))}`],
  ['POST', '/destroy-volumes', `slaveId=x&volumes=${encodeURIComponent(JSON.stringify([volume('web')]))}`],
  ['POST', '/maintenance/schedule', '{}'],
  ['POST', '/machine/down', '[{"hostname":"h"}]'],
  ['POST', '/machine/up', '[{"hostname":"h"}]'],
];

/** Where not everybody may do everything. @source formats §8.2 */
export const ACL_RULES: readonly OperatorRule[] = [
  rule('§1 row 11', 'what changes the cluster, and is not permitted, is 403', ({ mediaType }) =>
    AclCluster.with(mediaType, { update_quotas: ['eng'], update_weights: ['eng/%'] }, async (one) => {
      const { slaves } = await one.json<{ slaves: { id: string }[] }>('ops', '/slaves');
      for (const call of calls(slaves[0]?.id ?? '', 'none', 'web')) {
        const { status, body } = await one.call('dev', call);
        expect([call.type, status, body.toString()]).toEqual([call.type, 403, FORBIDDEN]);
      }
      for (const [method, path, body] of CLASSIC) {
        expect([path, ...(await one.told('dev', method, path, body))]).toEqual([path, 403, FORBIDDEN]);
      }
      expect(await one.told('dev', 'POST', '/flags')).toEqual([405, expect.stringContaining("'GET'")]);
      const { status } = await one.call('dev', {
        type: 'UPDATE_QUOTA',
        update_quota: { quota_configs: [{ role: 'eng', limits: { cpus: { value: 1 } } }] },
      });
      expect(status).toBe(200);
      const both = [{ role: 'eng' }, { role: 'web' }];
      expect((await one.call('dev', { type: 'UPDATE_QUOTA', update_quota: { quota_configs: both } })).status).toBe(403);
      const weight = (role: string) => one.told('dev', 'PUT', '/weights', JSON.stringify([{ role, weight: 2 }]));
      expect(await weight('eng/dev')).toEqual([200, '']);
      expect(await weight('eng')).toEqual([403, FORBIDDEN]);
      for (const call of calls('none', 'none', 'web')) {
        expect([call.type, (await one.call('ops', call)).status]).not.toEqual([call.type, 403]);
      }
    }),
  ),
  rule(
    '§2 filter: roles',
    'of roles, weights, quotas and maintenance only what may be seen is shown',
    ({ mediaType }) =>
      AclCluster.with(mediaType, { get_quotas: ['eng'], view_roles: ['eng', 'eng/%'] }, async (one) => {
        const roles = ['eng', 'eng/dev', 'web'];
        const quota_configs = ['eng', 'web'].map((role) => ({ role, limits: { cpus: { value: 1 } } }));
        await one.call('ops', { type: 'UPDATE_QUOTA', update_quota: { quota_configs } });
        const weight_infos = roles.map((role) => ({ role, weight: 2 }));
        await one.call('ops', { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos } });
        const start = { nanoseconds: Date.now() * 1e6 };
        const windows = [{ machine_ids: machines, unavailability: { start } }];
        await one.call('ops', {
          type: 'UPDATE_MAINTENANCE_SCHEDULE',
          update_maintenance_schedule: { schedule: { windows } },
        });
        const seen = async (who: 'ops' | 'dev'): Promise<object> => {
          const [shownRoles, weights, quota, schedule] = [
            (await one.ask(who, { type: 'GET_ROLES' })).get_roles?.roles,
            (await one.ask(who, { type: 'GET_WEIGHTS' })).get_weights?.weight_infos,
            (await one.ask(who, { type: 'GET_QUOTA' })).get_quota?.status?.configs,
            (await one.ask(who, { type: 'GET_MAINTENANCE_SCHEDULE' })).get_maintenance_schedule?.schedule?.windows,
          ];
          const status = (await one.ask(who, { type: 'GET_MAINTENANCE_STATUS' })).get_maintenance_status?.status;
          return {
            roles: shownRoles?.map(({ name }) => name).toSorted(),
            weights: weights?.map(({ role }) => role).toSorted(),
            quota: quota?.map(({ role }) => role).toSorted(),
            machines: [schedule?.length ?? 0, status?.draining_machines?.length ?? 0],
          };
        };
        const classic = async (who: 'ops' | 'dev'): Promise<object> => ({
          roles: (await one.json<{ roles: { name: string }[] }>(who, '/roles')).roles
            .map(({ name }) => name)
            .toSorted(),
          weights: (await one.json<{ role: string }[]>(who, '/weights')).map(({ role }) => role).toSorted(),
          quota: (await one.json<{ configs: { role: string }[] }>(who, '/quota')).configs
            .map(({ role }) => role)
            .toSorted(),
          machines: [
            (await one.json<{ windows?: object[] }>(who, '/maintenance/schedule')).windows?.length ?? 0,
            (await one.json<{ draining_machines?: object[] }>(who, '/maintenance/status')).draining_machines?.length ??
              0,
          ],
        });
        for (const shown of [seen, classic]) {
          expect(await shown('ops')).toMatchObject({ weights: roles, quota: ['eng', 'web'], machines: [1, 1] });
          const some = { roles: ['eng', 'eng/dev'], weights: ['eng', 'eng/dev'], quota: ['eng'], machines: [0, 0] };
          expect(await shown('dev')).toEqual(some);
        }
      }),
  ),
  rule(
    '§2 filter: state',
    'of frameworks, tasks, executors and reservations only what may be seen is shown',
    ({ mediaType }) =>
      AclCluster.with(mediaType, SEEN, async (one) => {
        const frameworks = USERS.map((user) => new UserFramework(one.cluster.url, user));
        await Promise.all(frameworks.map(({ isUp }) => isUp));
        const { slaves } = await one.json<{ slaves: { id: string }[] }>('ops', '/slaves');
        const agent_id = { value: slaves[0]?.id ?? '' };
        const resources = ['eng', 'web'].map((role) => reserved(role, {}, 'ops'));
        expect(
          (await one.call('ops', { type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources } })).status,
        ).toBe(202);
        for (const look of [lookByCalls, lookByState, lookByPaths, lookByRest]) {
          await expect.poll(() => look(one, 'ops')).toEqual(sightOf(USERS, ['eng', 'web']));
          expect([look.name, await look(one, 'dev')]).toEqual([look.name, sightOf(['nobody'], ['eng'])]);
        }
        const { slaves: summed, frameworks: known } = await one.json<Summary>('dev', '/state-summary');
        expect([known.map(({ name }) => name), summed[0]?.framework_ids]).toEqual([['nobody'], [frameworks[0]?.id]]);
        const state = await one.json<object>('dev', '/state');
        expect([state, await one.json<object>('ops', '/state')].map((shown) => 'flags' in shown)).toEqual([
          false,
          true,
        ]);
        await Promise.all(frameworks.map((framework) => framework.end()));
      }),
  ),
  rule('§3 filter', 'a stream begins and goes on with what may be seen', ({ mediaType }) =>
    AclCluster.with(mediaType, SEEN, async (one) => {
      const before = new UserFramework(one.cluster.url, 'root');
      await before.isUp;
      const all = await one.subscribe('ops');
      const some = await one.subscribe('dev');
      const after = USERS.map((user) => new UserFramework(one.cluster.url, user));
      await Promise.all(after.map(({ isUp }) => isUp));
      // In the order of the others: what comes last tells that all has come.
      const last = new UserFramework(one.cluster.url, 'nobody');
      await last.isUp;
      await Promise.all([before, ...after, last].map((framework) => framework.end()));
      const seen = async (stream: typeof all) => {
        const events = await stream.until(
          ({ framework_removed }) => framework_removed?.framework_info.id?.value === last.id,
        );
        const [first] = events;
        const state = first?.subscribed?.get_state;
        return {
          first: [first?.type, state?.get_frameworks?.frameworks?.length ?? 0, state?.get_tasks?.tasks?.length ?? 0],
          tasks: new Set(events.flatMap(({ task_added }) => task_added?.task.task_id.value ?? [])),
          updates: new Set(events.flatMap(({ task_updated }) => task_updated?.status.task_id.value ?? [])),
          frameworks: new Set(
            events.flatMap(({ framework_added }) => framework_added?.framework.framework_info.name ?? []),
          ),
        };
      };
      const both = new Set(USERS.map((user) => `${user}-1`));
      expect(await seen(all)).toEqual({
        ...{ first: ['SUBSCRIBED', 1, 1], tasks: both, updates: both },
        frameworks: new Set(USERS),
      });
      const own = new Set(['nobody-1']);
      expect(await seen(some)).toEqual({
        ...{ first: ['SUBSCRIBED', 0, 0], tasks: own, updates: own },
        frameworks: new Set(['nobody']),
      });
    }),
  ),
];
