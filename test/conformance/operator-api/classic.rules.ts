import { expect } from 'vitest';
import { type OperatorRule, rule } from './operator-rule.js';

const MACHINE = { hostname: 'm7', ip: '10.7.7.7' };
const WINDOW = JSON.stringify({
  windows: [{ machine_ids: [MACHINE], unavailability: { start: { nanoseconds: 1_000_000_000_000_000 } } }],
});
const cpus = (value: number, role?: string) => ({
  ...{ name: 'cpus', type: 'SCALAR', scalar: { value } },
  ...(role === undefined ? {} : { reservations: [{ type: 'DYNAMIC', role }] }),
});

const SUMMARY = ['cpus', 'gpus', 'mem', 'disk'];
const AGENT_KEYS = [
  ...['id', 'hostname', 'port', 'attributes', 'pid', 'registered_time', 'resources', 'used_resources'],
  ...[
    'offered_resources',
    'reserved_resources',
    'unreserved_resources',
    'active',
    'deactivated',
    'version',
    'capabilities',
  ],
];
const FRAMEWORK_KEYS = [
  ...['id', 'name', 'used_resources', 'offered_resources', 'capabilities', 'hostname', 'webui_url', 'active'],
  ...['connected', 'recovered'],
];
const TASK_KEYS = ['id', 'name', 'framework_id', 'executor_id', 'slave_id', 'state', 'resources', 'role', 'statuses'];
const COUNTERS = [
  'STAGING',
  'STARTING',
  'RUNNING',
  'KILLING',
  'FINISHED',
  'KILLED',
  'FAILED',
  'LOST',
  'ERROR',
  'UNREACHABLE',
].map((state) => `TASK_${state}`);

/** A document with at least these keys. */
const having = (keys: readonly string[]) => (document: unknown) =>
  expect(Object.keys(document as object)).toEqual(expect.arrayContaining([...keys]));

type Documents = Record<string, Record<string, unknown>[]>;

/** The classic endpoints. @source classic endpoints §1 to §4, §6 */
export const CLASSIC_RULES: readonly OperatorRule[] = [
  rule('classic §1 paths', 'every path is also below /master, with or without a slash at its end', async (stage) => {
    for (const path of ['/master/state', '/state/', '/master/slaves/']) {
      expect([path, (await stage.get(path)).status]).toEqual([path, 200]);
    }
    // The proxy before several processes refuses such a path itself.
    expect([400, 404]).toContain((await stage.get('/master/machine/../state')).status);
    for (const path of ['/nosuch', '/state.json', '/master/nosuch']) {
      expect([path, (await stage.get(path)).status]).toEqual([path, 404]);
    }
  }),
  rule(
    'classic §1 paths of the process',
    'what is about the process is below /master too',
    async (stage) => {
      for (const path of ['/master/version', '/master/metrics/snapshot', '/master/files/debug']) {
        expect([path, (await stage.get(path)).status]).toEqual([path, 200]);
      }
    },
    'Clients ask for these with and without the prefix; Mesos has them without it alone.',
  ),
  rule('classic §1 jsonp', 'JSON is wrapped for those who ask', async (stage) => {
    for (const path of ['/state', '/slaves', '/version', '/roles', '/metrics/snapshot']) {
      const { headers, text } = await stage.get(`${path}?jsonp=cb`);
      expect([headers['content-type'], text]).toEqual(['text/javascript', expect.stringMatching(/^cb\(\{.*\}\)/s)]);
    }
  }),
  rule('classic §1 gzip', 'large bodies are compressed for those who take it', async (stage) => {
    const { headers } = await stage.get('/state', { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect((await stage.get('/state')).headers['content-encoding']).toBeUndefined();
  }),
  rule('classic §1 methods', 'what only takes POST names it', async (stage) => {
    for (const path of [
      '/reserve',
      '/unreserve',
      '/create-volumes',
      '/destroy-volumes',
      '/teardown',
      '/machine/down',
      '/machine/up',
    ]) {
      const { status, headers, text } = await stage.get(path);
      expect([path, status, headers['allow'], text]).toEqual([
        ...[path, 405, 'POST'],
        "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
      ]);
    }
  }),
  rule('classic §3.1 /state', 'it has all that it should have, also when it is empty', async (stage) => {
    const state = await stage.json<Documents>('/state');
    having([
      ...['version', 'build_date', 'build_time', 'build_user', 'start_time', 'elected_time', 'id', 'pid', 'hostname'],
      ...[
        'capabilities',
        'activated_slaves',
        'deactivated_slaves',
        'unreachable_slaves',
        'leader',
        'leader_info',
        'flags',
      ],
      ...[
        'slaves',
        'recovered_slaves',
        'frameworks',
        'completed_frameworks',
        'orphan_tasks',
        'unregistered_frameworks',
      ],
    ])(state);
    state['slaves']?.forEach(having(AGENT_KEYS));
  }),
  rule('classic §3.2 /slaves', 'agents are shown with their resources in both forms', async (stage) => {
    const { slaves = [] } = await stage.json<Documents>('/slaves');
    slaves.forEach(
      having([
        ...AGENT_KEYS,
        ...['reserved_resources_full', 'unreserved_resources_full', 'used_resources_full', 'offered_resources_full'],
      ]),
    );
    having(SUMMARY)(slaves[0]?.['resources']);
    const one = await stage.json<Documents>(`/slaves?slave_id=${stage.agentId}`);
    expect(one['slaves']?.map(({ id }) => id)).toEqual([stage.agentId]);
  }),
  rule('classic §3.3 /frameworks', 'a framework is shown with its tasks, executors and offers', async (stage) => {
    const runner = stage.runner();
    await expect.poll(() => runner.states).toContain('TASK_RUNNING');
    const { frameworks = [] } = await stage.json<Documents>(`/frameworks?framework_id=${runner.id}`);
    expect(frameworks).toHaveLength(1);
    having([
      ...FRAMEWORK_KEYS,
      ...['user', 'failover_timeout', 'checkpoint', 'registered_time', 'unregistered_time', 'resources', 'roles'],
      ...['tasks', 'unreachable_tasks', 'completed_tasks', 'offers', 'executors', 'offer_constraints'],
    ])(frameworks[0]);
  }),
  rule('classic §3.4 /tasks', 'tasks are listed by time, from an offset, up to a limit', async (stage) => {
    const runner = stage.runner();
    await expect.poll(() => runner.states).toContain('TASK_RUNNING');
    const { tasks = [] } = await stage.json<Documents>(`/tasks?framework_id=${runner.id}`);
    tasks.forEach(having(TASK_KEYS));
    expect(tasks).toHaveLength(1);
    expect((await stage.json<Documents>('/tasks?limit=1&order=asc'))['tasks']).toHaveLength(1);
    expect((await stage.json<Documents>('/tasks?limit=0'))['tasks']).toEqual([]);
    expect((await stage.json<Documents>('/tasks?task_id=nosuch'))['tasks']).toEqual([]);
  }),
  rule('classic §3.6 /state-summary', 'agents and frameworks are shown with their tasks counted', async (stage) => {
    const runner = stage.runner();
    await expect.poll(() => runner.states).toContain('TASK_RUNNING');
    const summary = async () => stage.json<Documents>('/state-summary');
    const own = async () => (await summary())['frameworks']?.find(({ name }) => name === runner.role);
    await expect.poll(own).toMatchObject({ TASK_RUNNING: 1 });
    having([...FRAMEWORK_KEYS, ...COUNTERS, 'slave_ids'])(await own());
    (await summary())['slaves']?.forEach(having([...COUNTERS, 'framework_ids']));
  }),
  rule('classic §3.7 /roles', 'a role is shown with what it has, is guaranteed and may have', async (stage) => {
    const holder = stage.holder();
    await expect.poll(() => holder.offers.size).toBeGreaterThan(0);
    const own = async () => (await stage.json<Documents>('/roles'))['roles']?.find(({ name }) => name === holder.role);
    await expect.poll(async () => (await own())?.['offered']).toMatchObject({ cpus: expect.any(Number) });
    expect(await own()).toMatchObject({
      weight: 1,
      quota: { role: holder.role },
      frameworks: [holder.id],
      allocated: {},
    });
    having(['resources', 'reserved'])(await own());
  }),
  rule(
    'classic §2 /flags, /version, /health',
    'settings and version are told as texts; health without one',
    async (stage) => {
      expect(await stage.json('/flags')).toEqual({ flags: expect.objectContaining({ allocator: 'hierarchical' }) });
      having(['version', 'build_date', 'build_time', 'build_user'])(await stage.json('/version'));
      expect(await stage.get('/health')).toMatchObject({ status: 200, text: '' });
    },
  ),
  rule('classic §2 /redirect', 'the leader is at the public address', async (stage) => {
    const { status, headers } = await stage.get('/redirect');
    expect([status, headers['location']]).toEqual([307, `//127.0.0.1:${stage.cluster.port}`]);
  }),
  rule('classic §2 /reserve, /unreserve', 'resources are reserved and given back by forms', async (stage) => {
    const { agentId: slaveId } = stage;
    const resources = [cpus(1, 'ops')];
    expect(await stage.form('/reserve', { slaveId, resources })).toEqual([202, '']);
    const moved = { slaveId, source: resources, resources: [cpus(1, 'other')] };
    expect(await stage.form('/reserve', moved)).toEqual([202, '']);
    expect(await stage.totalOf()).toContain('cpus(other):1');
    expect(await stage.form('/master/unreserve', { slaveId, resources: [cpus(1, 'other')] })).toEqual([202, '']);
  }),
  rule('classic §2 /create-volumes, /destroy-volumes', 'volumes are made and destroyed by forms', async (stage) => {
    const { agentId: slaveId } = stage;
    const disk = { ...cpus(64, 'ops'), name: 'disk' };
    const volume = { ...disk, disk: { persistence: { id: 'f' }, volume: { container_path: 'd', mode: 'RW' } } };
    expect(await stage.form('/reserve', { slaveId, resources: [disk] })).toEqual([202, '']);
    expect(await stage.form('/create-volumes', { slaveId, volumes: [volume] })).toEqual([202, '']);
    expect(await stage.totalOf()).toContain('disk(ops)[f]:64');
    expect(await stage.form('/unreserve', { slaveId, resources: [volume] })).toEqual([
      400,
      expect.stringContaining('Please destroy the persistent volume first'),
    ]);
    expect(await stage.form('/destroy-volumes', { slaveId, volumes: [volume] })).toEqual([202, '']);
    expect(await stage.form('/unreserve', { slaveId, resources: [disk] })).toEqual([202, '']);
  }),
  rule('classic §2 form bodies', 'what a form lacks, or has wrong, is named', async (stage) => {
    const { agentId: slaveId } = stage;
    const missing = (name: string) => [400, `Missing '${name}' query parameter in the request body`];
    expect(await stage.form('/reserve', {})).toEqual(missing('slaveId'));
    expect(await stage.post('/reserve', 'not a form')).toEqual(missing('slaveId'));
    expect(await stage.form('/reserve', { resources: [] })).toEqual(missing('slaveId'));
    expect(await stage.form('/reserve', { slaveId })).toEqual(missing('resources'));
    expect(await stage.form('/create-volumes', { slaveId: 'nope' })).toEqual(missing('volumes'));
    expect(await stage.form('/teardown', {})).toEqual(missing('frameworkId'));
    expect(await stage.form('/reserve', { slaveId, resources: '{bad' })).toEqual([
      400,
      "Error parsing 'resources' query parameter in the request body: syntax error at line 1 near: bad",
    ]);
    expect(await stage.post('/reserve', 'slaveId=%zz')).toEqual([
      400,
      expect.stringMatching(/^Unable to decode query string: /),
    ]);
    expect(await stage.form('/destroy-volumes', { slaveId: 'nope', volumes: [] })).toEqual([
      400,
      'No agent found with specified ID',
    ]);
    expect(await stage.form('/reserve', { slaveId, resources: [cpus(99_999, 'ops')] })).toEqual([
      409,
      expect.stringMatching(/does not contain cpus:99999$/),
    ]);
  }),
  rule('classic §2 /teardown', 'a framework is ended by a form', async (stage) => {
    const holder = stage.holder();
    await expect.poll(() => holder.id).not.toBe('');
    expect(await stage.form('/teardown', { frameworkId: holder.id })).toEqual([200, '']);
    expect(await stage.form('/teardown', { frameworkId: holder.id })).toEqual([
      400,
      'No framework found with specified ID',
    ]);
  }),
  rule('classic §2 /quota', 'a quota is set, shown and removed', async (stage) => {
    const role = stage.newRole();
    const body = JSON.stringify({ role, guarantee: [cpus(1)] });
    expect(await stage.post('/quota', body)).toEqual([200, '']);
    const { infos = [], configs = [] } = await stage.json<Documents>('/quota');
    expect([infos, configs].map((list) => list.some((entry) => entry['role'] === role))).toEqual([true, true]);
    expect((await stage.send('DELETE', `/quota/${role}`)).status).toBe(200);
    expect((await stage.send('DELETE', `/quota/${role}`)).text).toBe(
      `Failed to remove quota for path '/master/quota/${role}': Role '${role}' has no quota set`,
    );
    expect(await stage.post('/quota', '{bad')).toEqual([
      400,
      "Failed to parse set quota request JSON '{bad': syntax error at line 1 near: bad",
    ]);
    expect(await stage.post('/quota', '{}')).toEqual([
      400,
      expect.stringMatching(/^Failed to validate set quota request: /),
    ]);
  }),
  rule('classic §2 /weights', 'weights are set and shown', async (stage) => {
    const role = stage.newRole();
    const put = (body: string) =>
      stage.send('PUT', '/weights', Buffer.from(body), { 'content-type': 'application/json' });
    expect((await put(JSON.stringify([{ role, weight: 2 }]))).status).toBe(200);
    expect(await stage.json('/weights')).toContainEqual({ role, weight: 2 });
    expect((await put('{}')).text).toBe(
      "Failed to parse update weights request JSON '{}': Unexpected JSON type parsed",
    );
    expect((await put('[{"weight":1}]')).text).toBe(
      "Failed to validate update weights request JSON: Invalid role '': Role names cannot be the empty string",
    );
  }),
  rule('classic §2 /maintenance, /machine', 'maintenance is planned, begun and ended', async (stage) => {
    expect(await stage.json('/maintenance/schedule')).toEqual({});
    expect(await stage.post('/maintenance/schedule', WINDOW)).toEqual([200, '']);
    expect(await stage.json('/maintenance/status')).toEqual({ draining_machines: [{ id: MACHINE }] });
    expect(await stage.post('/machine/down', JSON.stringify([MACHINE]))).toEqual([200, '']);
    expect(await stage.json('/maintenance/status')).toEqual({ down_machines: [MACHINE] });
    expect(await stage.post('/machine/up', JSON.stringify([MACHINE]))).toEqual([200, '']);
    expect(await stage.json('/maintenance/status')).toEqual({});
    for (const path of ['/maintenance/schedule', '/machine/down', '/machine/up']) {
      expect(await stage.post(path, '{bad')).toEqual([400, 'syntax error at line 1 near: bad']);
    }
    expect(await stage.post('/machine/down', '[{"hostname":"zz"}]')).toEqual([
      400,
      'Machine \'{"hostname":"zz"}\' is not part of a maintenance schedule',
    ]);
  }),
  rule('classic §2 /logging/toggle', 'the level is told, and raised for a while', async (stage) => {
    expect((await stage.get('/logging/toggle')).text).toBe('0\n');
    expect((await stage.get('/logging/toggle?level=1')).text).toBe("Expecting 'duration=value' in query.\n");
    expect((await stage.get('/logging/toggle?level=x&duration=1secs')).status).toBe(400);
  }),
  rule('classic §4 files', 'only the log is there to be read, if its file is known', async (stage) => {
    expect(await stage.get('/files/browse')).toMatchObject({ status: 400, text: "Expecting 'path=value' in query.\n" });
    for (const path of ['/', '/nosuch', '/etc/passwd', '/master/log/../../etc/passwd']) {
      expect((await stage.get(`/files/read?path=${path}&offset=0`)).status).toBe(404);
    }
    const known = Object.keys(await stage.json<object>('/files/debug')).length > 0;
    expect((await stage.get('/files/browse?path=/master/log')).status).toBe(known ? 200 : 404);
    expect((await stage.get('/files/read?path=/master/log&offset=0&length=5')).status).toBe(known ? 200 : 404);
    expect((await stage.get('/files/download?path=/master/log')).status).toBe(known ? 200 : 404);
  }),
  rule('classic §2 /metrics/snapshot timeout', 'a timeout that is none is refused with its value', async (stage) => {
    expect(await stage.get('/metrics/snapshot?timeout=5')).toMatchObject({
      ...{ status: 400, text: "Invalid timeout '5': Invalid duration '5'.\n" },
    });
    expect((await stage.get('/metrics/snapshot?timeout=5secs')).status).toBe(200);
  }),
  rule('classic §6 messages', 'what a framework and its agent say is counted where it is heard', async (stage) => {
    const names = ['register_framework', 'launch_tasks', 'status_update', 'status_update_acknowledgement'].map(
      (name) => `master/messages_${name}`,
    );
    const counted = [...names, 'master/valid_status_updates', 'master/valid_status_update_acknowledgements'];
    const read = async (): Promise<number[]> => {
      const metrics = (await stage.json('/metrics/snapshot')) as Record<string, number>;
      return counted.map((name) => metrics[name] ?? Number.NaN);
    };
    const before = await read();
    const actor = stage.runner('exit 0');
    await expect.poll(() => actor.states.at(-1), { timeout: 20_000 }).toBe('TASK_FINISHED');
    const grown = async () => (await read()).map((count, at) => count - (before[at] ?? 0));
    // TASK_STARTING, TASK_RUNNING and TASK_FINISHED, each acknowledged.
    const told = actor.states.length;
    await expect.poll(grown).toEqual([1, 1, told, told, told, told]);
  }),
  rule('classic §2 /system/stats.json', 'the machine’s load, cpus and memory are told', async (stage) => {
    having(['avg_load_1min', 'avg_load_5min', 'avg_load_15min', 'cpus_total', 'mem_total_bytes', 'mem_free_bytes'])(
      await stage.json('/system/stats.json'),
    );
  }),
];
