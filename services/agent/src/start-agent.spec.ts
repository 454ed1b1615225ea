import 'reflect-metadata';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import { type OutputTimesView, queueOf, ReregisterAgentV1 } from '@tranche/contracts';
import { InProcessBus } from '@tranche/messaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentConfig, agentOptions } from './agent.config.js';
import { type RunningAgent, startAgent } from './start-agent.js';
import { settled } from './testing/settled.js';
import { FakeContainerizer, FakeNode } from './testing/fake-containerizer.js';
import { FakeControlPlane } from './testing/fake-control-plane.js';
import { launchOf } from './testing/task-world.js';

describe('an agent', () => {
  let workDir: string;
  let cluster: FakeControlPlane;
  let node: FakeNode;
  let containers: FakeContainerizer;
  const started: RunningAgent[] = [];

  const start = async (more: Partial<AgentConfig> = {}): Promise<RunningAgent> => {
    const config = configWith(agentOptions, { workDir, httpPort: 0, switchUser: false, resources: 'cpus:4', ...more });
    containers = new FakeContainerizer(node);
    const agent = await startAgent({ config, host: cluster.host(), containerizer: containers });
    started.push(agent);
    return agent;
  };
  const get = (agent: RunningAgent, path: string): Promise<Response> => fetch(`http://127.0.0.1:${agent.port}${path}`);
  const json = async (agent: RunningAgent, path: string): Promise<unknown> => (await get(agent, path)).json();
  const run = async (agent: RunningAgent): Promise<string> => {
    await cluster.launch(agent.agentId, launchOf());
    const { status } = await cluster.reported('t1', 'TASK_RUNNING');
    return status.container_status?.container_id?.value ?? '';
  };

  beforeEach(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'agent-'));
    cluster = new FakeControlPlane();
    node = new FakeNode();
  });
  afterEach(async () => {
    for (const agent of started.splice(0)) await agent.stop({ killTasks: false });
    await rm(workDir, { recursive: true });
  });

  it('registers with what it has and runs a task to its acknowledged end', async () => {
    const agent = await start();
    expect(cluster.registrations).toMatchObject([{ ip: '127.0.0.1', port: agent.port, tasks: [] }]);
    const containerId = await run(agent);
    containers.end(containerId, { waitStatus: 0 });
    await cluster.reported('t1', 'TASK_FINISHED');
    expect(cluster.states('t1')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(cluster.reports[0]).toMatchObject({ agentId: 'S0', frameworkId: 'F', traceId: 'a'.repeat(32) });
  });

  it('finds its tasks again after it was killed, under the same id', async () => {
    const first = await start();
    const containerId = await run(first);
    await first.stop({ killTasks: false });
    expect(cluster.unregistered).toEqual([]);
    const second = await start();
    expect(second.recovery).toEqual({ running: 1, ended: 0 });
    expect(cluster.registrations[1]).toMatchObject({
      agentId: 'S0',
      tasks: [{ frameworkId: 'F', latestStatus: { state: 'TASK_RUNNING' } }],
    });
    containers.end(containerId, { waitStatus: 0 });
    await cluster.reported('t1', 'TASK_FINISHED');
    expect(node.begun).toEqual([containerId]);
  });

  it('starts with less than its tasks hold, tells that this waits for them, and has it once they have ended', async () => {
    const pending = async (agent: RunningAgent): Promise<string | undefined> =>
      /^tranche_config_pending(?:\{[^}]*\})? (\d+)$/m.exec(await (await get(agent, '/metrics')).text())?.[1];
    const first = await start();
    const containerId = await run(first);
    expect(await pending(first)).toBe('0');
    await first.stop({ killTasks: false });
    const second = await start({ resources: 'cpus:0.05;mem:16' });
    expect(second.recovery).toEqual({ running: 1, ended: 0 });
    expect(await pending(second)).toBe('2');
    containers.end(containerId, { waitStatus: 0 });
    await cluster.reported('t1', 'TASK_FINISHED');
    expect(await pending(second)).toBe('0');
  });

  it('tells what sandboxes take on disk, those of ended tasks included', async () => {
    const agent = await start({ diskWatchIntervalMs: 20 });
    const bytes = async (of: RunningAgent): Promise<number> =>
      Number(/^tranche_sandbox_bytes(?:\{[^}]*\})? (\d+)$/m.exec(await (await get(of, '/metrics')).text())?.[1]);
    const containerId = await run(agent);
    const sandbox = join(workDir, `slaves/S0/frameworks/F/executors/t1/runs/${containerId}`);
    await writeFile(join(sandbox, 'kept'), Buffer.alloc(1 << 20, 'x'));
    await expect.poll(() => bytes(agent)).toBeGreaterThanOrEqual(1 << 20);
    containers.end(containerId, { waitStatus: 0 });
    await cluster.reported('t1', 'TASK_FINISHED');
    await agent.stop({ killTasks: false });
    const next = await start();
    await expect.poll(() => bytes(next)).toBeGreaterThanOrEqual(1 << 20);
  });

  it('keeps the exit status of a task that ends between two agents', async () => {
    const first = await start();
    const containerId = await run(first);
    await first.stop({ killTasks: false });
    containers.end(containerId, { waitStatus: 42 * 256 });
    await settled();
    const second = await start();
    expect(second.recovery).toEqual({ running: 0, ended: 1 });
    const { status } = await cluster.reported('t1', 'TASK_FAILED');
    expect(status.message).toBe('Command exited with status 42');
  });

  it('ends its tasks and leaves the cluster when it is stopped for good', async () => {
    const agent = await start();
    const containerId = await run(agent);
    const stopped = agent.stop({ killTasks: true });
    await settled();
    containers.end(containerId, { waitStatus: 15 });
    await stopped;
    expect(await agent.ended).toEqual({ cause: 'stopped' });
    await cluster.reported('t1', 'TASK_KILLED');
    expect(cluster.unregistered).toEqual([{ agentId: 'S0', reason: 'agent stopped' }]);
    expect(node.containers.size).toBe(0);
  });

  it('registers again when the registry has forgotten it', async () => {
    const agent = await start();
    await run(agent);
    const bus = new InProcessBus(cluster.broker, 'registry');
    await bus.send(ReregisterAgentV1, queueOf('agent', 'S0'), [{ agentId: 'S0', reason: 'unknown' }]);
    await settled();
    await settled();
    expect(cluster.registrations[1]).toMatchObject({ agentId: 'S0', tasks: [{ frameworkId: 'F' }] });
  });

  it('ends its tasks and stops when the registry does not want it any more', async () => {
    const agent = await start();
    const containerId = await run(agent);
    cluster.answer = () => ({ ok: false, reason: 'declared gone' });
    const bus = new InProcessBus(cluster.broker, 'registry');
    await bus.send(ReregisterAgentV1, queueOf('agent', 'S0'), [{ agentId: 'S0', reason: 'unknown' }]);
    while (containers.signals(containerId).length === 0) await settled();
    containers.end(containerId, { waitStatus: 15 });
    expect(await agent.ended).toEqual({ cause: 'refused', reason: 'declared gone' });
  });

  it('does not start when the registry refuses it, and frees what it took', async () => {
    cluster.answer = () => ({ ok: false, reason: 'declared gone' });
    await expect(start()).rejects.toThrow('the registry refused the agent: declared gone');
    cluster.answer = () => ({ ok: true, agentId: 'S1', heartbeatIntervalMs: 1_000 });
    expect((await start()).agentId).toBe('S1');
  });

  it('ends the tasks that it found when the registry refuses it at its start', async () => {
    const first = await start();
    const containerId = await run(first);
    await first.stop({ killTasks: false });
    cluster.answer = () => ({ ok: false, reason: 'declared gone' });
    const second = start();
    second.catch(() => undefined);
    while (containers.signals(containerId).length === 0) await settled();
    containers.end(containerId, { waitStatus: 15 });
    await expect(second).rejects.toThrow('declared gone');
  });

  it('does not start on the folder of another, on a taken port, or with options that are none', async () => {
    const agent = await start();
    await expect(start()).rejects.toThrow('is used by another agent');
    const other = join(workDir, 'other');
    await expect(start({ workDir: other, httpPort: agent.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(start({ workDir: other, resources: 'cpus' })).rejects.toThrow('AGENT_RESOURCES: ');
    await expect(start({ workDir: other, share: '4/3' })).rejects.toThrow('AGENT_SHARE: "4/3"');
    await expect(start({ workDir: other, domain: '{' })).rejects.toThrow('AGENT_DOMAIN: is no JSON');
    await expect(start({ workDir: other, executorEnvironment: '{"A":1}' })).rejects.toThrow('A must be a text');
  });

  it('ends what the agent before left running and stops, when it is to clean up', { timeout: 20_000 }, async () => {
    const first = await start();
    const containerId = await run(first);
    await first.stop({ killTasks: false });
    const told = cluster.reports.length;
    const cleaner = await start({ recover: 'cleanup' });
    while (containers.signals(containerId).length === 0) await settled();
    containers.end(containerId, { waitStatus: 15 });
    expect(await cleaner.ended).toEqual({ cause: 'cleaned-up' });
    expect(node.containers.size).toBe(0);
    expect([cluster.registrations.length, cluster.reports.length, cluster.unregistered]).toEqual([1, told, []]);
    // What it could not tell any more, the next one does.
    await start();
    await cluster.reported('t1', 'TASK_KILLED');
  });

  it('starts on a damaged journal, keeps the file and shows what was found', async () => {
    const first = await start();
    await run(first);
    await first.stop({ killTasks: false });
    await appendFile(join(workDir, 'meta', 'agent.journal'), 'damage\n#9 3 352441c2\nabc');
    const agent = await start();
    expect(await json(agent, '/state')).toMatchObject({
      recovery_findings: [expect.stringContaining('is unreadable although batch 9 is there'), expect.any(String)],
      frameworks: [{ id: 'F' }],
    });
    expect(await json(agent, '/metrics/snapshot')).toMatchObject({ 'slave/recovery_errors': 2 });
    expect(await readFile(join(workDir, 'meta/quarantine/agent.journal-1'), 'utf8')).toContain('damage');
  });

  it('leaves a journal alone that it cannot read', async () => {
    const agent = await start();
    await agent.stop({ killTasks: false });
    const path = join(workDir, 'meta', 'agent.journal');
    await writeFile(path, 'tranche-agent-journal 9\nfuture');
    await expect(start()).rejects.toThrow('was written by a newer version');
    expect(await readFile(path, 'utf8')).toBe('tranche-agent-journal 9\nfuture');
  });

  describe('over HTTP', () => {
    it('shows itself in Mesos’ shape', async () => {
      const agent = await start({ attributes: 'rack:r1' });
      const containerId = await run(agent);
      expect(await json(agent, '/slave(1)/state')).toMatchObject({
        id: 'S0',
        pid: `slave(1)@127.0.0.1:${agent.port}`,
        hostname: '127.0.0.1',
        attributes: { rack: 'r1' },
        resources: { cpus: 4 },
        unreserved_resources_allocated: { cpus: 1, mem: 64 },
        frameworks: [
          {
            id: 'F',
            executors: [
              {
                id: 't1',
                source: 't1',
                name: "Command Executor (Task: t1) (Command: sh -c 'sleep 60')",
                container: containerId,
                directory: join(workDir, `slaves/S0/frameworks/F/executors/t1/runs/${containerId}`),
                tasks: [{ id: 't1', executor_id: '', slave_id: 'S0', state: 'TASK_RUNNING' }],
              },
            ],
          },
        ],
        completed_frameworks: [],
      });
    });

    it('shows the history of tasks that are over', async () => {
      const agent = await start();
      containers.end(await run(agent), { waitStatus: 0 });
      await cluster.reported('t1', 'TASK_FINISHED');
      await settled();
      await settled();
      expect(await json(agent, '/state')).toMatchObject({
        frameworks: [],
        completed_frameworks: [{ completed_executors: [{ completed_tasks: [{ state: 'TASK_FINISHED' }] }] }],
      });
    });

    it('lists containers and their use', async () => {
      const agent = await start();
      const containerId = await run(agent);
      const statistics = { mem_total_bytes: 4096, timestamp: 1 };
      const executor = { executor_id: 't1', framework_id: 'F', source: 't1' };
      expect(await json(agent, '/containers')).toMatchObject([
        { container_id: containerId, ...executor, statistics, status: { executor_pid: 4711 } },
      ]);
      expect(await json(agent, '/monitor/statistics')).toMatchObject([{ ...executor, statistics }]);
      expect(await json(agent, '/containers?container_id=nope')).toEqual([]);
      expect((await get(agent, '/containers?executor_id=t1')).status).toBe(400);
    });

    it('answers the small endpoints, and with the name of a call what it does not serve yet', async () => {
      const agent = await start();
      expect((await get(agent, '/health')).status).toBe(200);
      expect(await json(agent, '/version')).toMatchObject({ version: expect.any(String) });
      expect(await json(agent, '/flags')).toMatchObject({ flags: { work_dir: workDir, port: String(agent.port) } });
      expect(await json(agent, '/metrics/snapshot')).toMatchObject({ 'slave/registered': 1, 'slave/cpus_total': 4 });
      expect(await json(agent, '/containerizer/debug')).toEqual({ pending: [] });
      expect(await json(agent, '/system/stats.json')).toMatchObject({ cpus_total: expect.any(Number) });
      expect(await (await get(agent, '/logging/toggle')).text()).toBe('0\n');
      expect((await get(agent, '/logging/toggle?level=1')).status).toBe(400);
      expect((await get(agent, '/metrics')).status).toBe(200);
    });

    it('counts what happens to tasks, and shows what its containerizer is busy with', async () => {
      const agent = await start();
      const containerId = await run(agent);
      const metrics = (): Promise<unknown> => json(agent, '/metrics/snapshot');
      expect(await metrics()).toMatchObject({
        'slave/recovery_time_secs': expect.any(Number),
        'slave/executor_directory_max_allowed_age_secs': expect.any(Number),
        ...{ 'slave/valid_status_updates': 2, 'slave/invalid_status_updates': 0 },
        ...{ 'slave/valid_framework_messages': 0, 'slave/invalid_framework_messages': 0 },
        ...{ 'slave/container_launch_errors': 0, 'slave/executors_terminated': 0 },
      });
      containers.failNext.remove = 'busy';
      containers.end(containerId, { waitStatus: 0 });
      await cluster.reported('t1', 'TASK_FINISHED');
      containers.creating = new Promise(() => undefined);
      await cluster.launch(agent.agentId, launchOf({ task_id: { value: 't2' } }));
      await expect
        .poll(() => json(agent, '/containerizer/debug'))
        .toEqual({ pending: [{ operation: 'fake::create', args: { containerId: expect.any(String) } }] });
      expect(await metrics()).toMatchObject({
        ...{ 'slave/valid_status_updates': 3, 'slave/executors_terminated': 1 },
        'containerizer/mesos/container_destroy_errors': 1,
      });
    });

    const call = async (agent: RunningAgent, body: object, prefix = ''): Promise<Response> =>
      fetch(`http://127.0.0.1:${agent.port}${prefix}/api/v1`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    const called = async (agent: RunningAgent, type: string, member?: object): Promise<unknown> => {
      const name = type.toLowerCase();
      const answer = await call(agent, { type, ...(member === undefined ? {} : { [name]: member }) });
      const document = (await answer.json()) as Record<string, unknown>;
      expect([answer.status, document['type']]).toEqual([200, type]);
      return document[name];
    };

    it('answers the calls of its API that read', async () => {
      const agent = await start({ resources: 'cpus:4' });
      const health = await call(agent, { type: 'GET_HEALTH' }, '/slave(1)');
      expect([health.status, health.headers.get('content-type'), await health.text()]).toEqual([
        200,
        'application/json',
        '{"type":"GET_HEALTH","get_health":{"healthy":true}}',
      ]);
      const empty = await call(agent, { type: 'GET_RESOURCE_PROVIDERS' });
      expect(await empty.text()).toBe('{"type":"GET_RESOURCE_PROVIDERS","get_resource_providers":{}}');
      const operations = await call(agent, { type: 'GET_OPERATIONS' });
      expect(await operations.text()).toBe('{"type":"GET_OPERATIONS","get_operations":{}}');
      expect(await called(agent, 'GET_VERSION')).toMatchObject({ version_info: { version: expect.any(String) } });
      expect(await called(agent, 'GET_FLAGS')).toMatchObject({
        flags: expect.arrayContaining([{ name: 'work_dir', value: workDir }]),
      });
      expect(await called(agent, 'GET_METRICS', {})).toMatchObject({
        metrics: expect.arrayContaining([{ name: 'slave/registered', value: 1 }]),
      });
      expect(await called(agent, 'GET_LOGGING_LEVEL')).toEqual({ level: 0 });
      expect(await called(agent, 'GET_AGENT')).toMatchObject({
        agent_info: {
          id: { value: 'S0' },
          port: agent.port,
          resources: expect.arrayContaining([{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 } }]),
        },
      });
      const later = await call(agent, { type: 'PRUNE_IMAGES' });
      expect([later.status, await later.text()]).toEqual([200, '']);
      const got = await get(agent, '/api/v1');
      expect([got.status, await got.text()]).toEqual([
        405,
        "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
      ]);
    });

    it('tells by its API what runs on it', async () => {
      const agent = await start();
      expect(await (await call(agent, { type: 'GET_TASKS' })).text()).toBe(
        '{"type":"GET_TASKS","get_tasks":{"pending_tasks":[],"queued_tasks":[],"launched_tasks":[],"terminated_tasks":[],"completed_tasks":[]}}',
      );
      const containerId = await run(agent);
      const launched = [{ task_id: { value: 't1' }, framework_id: { value: 'F' }, state: 'TASK_RUNNING' }];
      const executors = [{ executor_info: { executor_id: { value: 't1' }, source: 't1' } }];
      const frameworks = [{ framework_info: { id: { value: 'F' } } }];
      expect(await called(agent, 'GET_TASKS')).toMatchObject({ launched_tasks: launched, completed_tasks: [] });
      expect(await called(agent, 'GET_EXECUTORS')).toMatchObject({ executors, completed_executors: [] });
      expect(await called(agent, 'GET_FRAMEWORKS')).toMatchObject({ frameworks, completed_frameworks: [] });
      expect(await called(agent, 'GET_STATE')).toMatchObject({
        get_tasks: { launched_tasks: launched },
        get_executors: { executors },
        get_frameworks: { frameworks },
      });
      expect(await called(agent, 'GET_CONTAINERS')).toMatchObject({
        containers: [
          {
            framework_id: { value: 'F' },
            executor_id: { value: 't1' },
            container_id: { value: containerId },
            container_status: { container_id: { value: containerId } },
          },
        ],
      });
      containers.end(containerId, { waitStatus: 0 });
      await cluster.reported('t1', 'TASK_FINISHED');
      await settled();
      expect(await called(agent, 'GET_TASKS')).toMatchObject({ launched_tasks: [] });
    });

    it('reads files of a sandbox by its API', async () => {
      const agent = await start();
      const containerId = await run(agent);
      const sandbox = join(workDir, `slaves/S0/frameworks/F/executors/t1/runs/${containerId}`);
      await writeFile(join(sandbox, 'stdout'), 'hello\n');
      expect(await called(agent, 'LIST_FILES', { path: sandbox })).toMatchObject({
        file_infos: [{ path: `${sandbox}/stdout`, size: 6, nlink: 1, mode: 0o100644 }],
      });
      expect(await called(agent, 'READ_FILE', { path: `${sandbox}/stdout`, offset: 1, length: 3 })).toEqual({
        size: 6,
        data: Buffer.from('ell').toString('base64'),
      });
      const unknown = await call(agent, { type: 'LIST_FILES', list_files: { path: '/nosuch' } });
      expect([unknown.status, await unknown.text()]).toEqual([404, '']);
      const folder = await call(agent, { type: 'READ_FILE', read_file: { path: sandbox, offset: 0 } });
      expect([folder.status, await folder.text()]).toEqual([400, 'Cannot read a directory.\n']);
    });

    it('serves the files of a sandbox', async () => {
      const agent = await start();
      const containerId = await run(agent);
      const path = '/frameworks/F/executors/t1/runs/latest';
      const sandbox = join(workDir, `slaves/S0/frameworks/F/executors/t1/runs/${containerId}`);
      await writeFile(join(sandbox, 'stdout'), 'hello\n');
      expect(await json(agent, `/files/browse?path=${path}`)).toMatchObject([
        { path: `${path}/stdout`, size: 6, mode: '-rw-r--r--', nlink: 1 },
      ]);
      expect(await json(agent, `/files/read?path=${path}/stdout`)).toEqual({ data: '', offset: 6 });
      expect(await json(agent, `/files/read?path=${sandbox}/stdout&offset=1&length=3`)).toEqual({
        data: 'ell',
        offset: 1,
      });
      const download = await get(agent, `/files/download?path=${path}/stdout`);
      expect(download.headers.get('content-disposition')).toBe('attachment; filename=stdout');
      expect(await download.text()).toBe('hello\n');
      expect(await json(agent, '/files/debug')).toEqual({
        [path]: sandbox,
        [sandbox]: sandbox,
        [sandbox.replace(containerId, 'latest')]: sandbox,
      });
    });

    it('serves the log of the agent, where it has a file', async () => {
      const logFile = join(workDir, 'agent.log');
      await writeFile(logFile, 'began\n');
      const agent = await start({ logFile });
      expect(await json(agent, '/files/read?path=/slave/log&offset=0')).toEqual({ data: 'began\n', offset: 0 });
      expect(await json(agent, '/files/read?path=/slave/log/')).toEqual({ data: '', offset: 6 });
      expect(await json(agent, '/files/browse?path=/slave/log')).toEqual([]);
      const download = await get(agent, '/files/download?path=/slave/log');
      expect(download.headers.get('content-disposition')).toBe('attachment; filename=log');
      expect(await download.text()).toBe('began\n');
      expect(await json(agent, '/files/debug')).toEqual({ '/slave/log': logFile });
      expect(await json(agent, '/state')).toMatchObject({ external_log_file: logFile });
      expect((await get(agent, '/files/read?path=/slave/log/more')).status).toBe(404);
    });

    it.each([
      ['/files/read', 400, "Expecting 'path=value' in query.\n"],
      ['/files/read?path=/x&offset=x', 400, "Failed to parse offset: Failed to convert 'x' to number.\n"],
      ['/files/read?path=/x&length=-2', 400, 'Negative length provided: -2.\n'],
      ['/files/browse?path=/nosuch', 404, '404 Not Found.'],
      ['/files/read?path=RUN/..', 400, "'RUN/..' is inaccessible.\n"],
      ['/files/download?path=RUN', 400, 'Cannot download a directory.\n'],
      ['/files/read?path=RUN&offset=0', 400, 'Cannot read a directory.\n'],
    ])('refuses %s', async (path, status, text) => {
      const agent = await start();
      await run(agent);
      const latest = '/frameworks/F/executors/t1/runs/latest';
      const answer = await get(agent, path.replace('RUN', latest));
      expect([answer.status, await answer.text()]).toEqual([status, text.replace('RUN', latest)]);
    });

    it('tells how large an output was when', async () => {
      const agent = await start();
      const containerId = await run(agent);
      const stdout = join(workDir, `slaves/S0/frameworks/F/executors/t1/runs/${containerId}/stdout`);
      const path = '/frameworks/F/executors/t1/runs/latest/stdout';
      await writeFile(stdout, 'one\n');
      const times = async () => (await json(agent, `/v1/files/times?path=${path}`)) as OutputTimesView;
      await expect.poll(async () => (await times()).items.map(({ bytes }) => bytes)).toContain(4);
      await appendFile(stdout, 'two\n');
      containers.end(containerId, { waitStatus: 0 });
      await cluster.reported('t1', 'TASK_FINISHED');
      const { items } = await times();
      expect(items.at(-1)?.bytes).toBe(8);
      expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
      expect((await get(agent, '/v1/files/times?path=/nosuch')).status).toBe(404);
    });

    it('streams a file until its container has ended', async () => {
      const agent = await start();
      const containerId = await run(agent);
      const stdout = join(workDir, `slaves/S0/frameworks/F/executors/t1/runs/${containerId}/stdout`);
      await writeFile(stdout, 'one ');
      const answer = await get(agent, `/v1/files/follow?path=${stdout}&offset=1`);
      const reader = answer.body?.getReader();
      const next = async (): Promise<string> => Buffer.from((await reader?.read())?.value ?? []).toString();
      expect(await next()).toBe('ne ');
      await appendFile(stdout, 'two');
      expect(await next()).toBe('two');
      containers.end(containerId, { waitStatus: 0 });
      expect(await reader?.read()).toMatchObject({ done: true });
    });
  });
});
