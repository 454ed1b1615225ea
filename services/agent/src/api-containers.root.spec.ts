import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AgentCall,
  AgentResponse,
  AgentResponseGetContainersContainer,
  AgentResponseWaitContainer,
  CommandInfo,
  ContainerID,
  ContainerInfo,
  TaskInfo,
} from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './containerizer/until.js';
import { AgentApi, type Answer } from './testing/agent-api.js';
import { executorInfo, scalars } from './testing/executor.builder.js';
import { amounts, RootAgent } from './testing/root-agent.js';
import { frameworkInfo, taskInfo } from './testing/task.builder.js';

const MESOS = { type: 'MESOS' } as const;
const KINDS = ['oci', 'bare', 'process'] as const;

/** What clients launch over the agent API, with each containerizer that this machine has. */
describe.each(KINDS)('containers of the agent API with the containerizer %s', (containerizer) => {
  let agent: RootAgent;
  /** A command task's. */
  let parent: ContainerID;
  const api = new AgentApi(() => agent.agent);

  beforeAll(async () => {
    agent = await RootAgent.start(`api-${containerizer}`, { containerizer });
    parent = await taskContainer('sleep 600');
  });
  afterAll(() => agent.remove());

  const taskContainer = async (command: string, more: Partial<TaskInfo> = {}): Promise<ContainerID> => {
    const task = await agent.launch(command, more);
    const { status } = await agent.cluster.reported(task, 'TASK_RUNNING');
    return { value: status.container_status?.container_id?.value ?? '' };
  };
  const within = (around: ContainerID): ContainerID => ({ value: `n-${randomUUID()}`, parent: around });
  const launch = (id: ContainerID, command: CommandInfo, container?: ContainerInfo): Promise<Answer> =>
    api.call({
      type: 'LAUNCH_NESTED_CONTAINER',
      launch_nested_container: { container_id: id, command, ...(container && { container }) },
    });
  const launchContainer = (member: NonNullable<AgentCall['launch_container']>): Promise<Answer> =>
    api.call({ type: 'LAUNCH_CONTAINER', launch_container: member });
  const member = (id: ContainerID): { container_id: ContainerID } => ({ container_id: id });
  const wait = async (id: ContainerID): Promise<AgentResponseWaitContainer> => {
    const [status, body] = await api.call({ type: 'WAIT_CONTAINER', wait_container: member(id) });
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return (JSON.parse(body) as AgentResponse).wait_container ?? {};
  };
  const waitStatus = async (id: ContainerID): Promise<Answer> =>
    api.call({ type: 'WAIT_NESTED_CONTAINER', wait_nested_container: member(id) });
  const kill = (id: ContainerID, signal?: number): Promise<Answer> =>
    api.call({ type: 'KILL_CONTAINER', kill_container: { ...member(id), ...(signal && { signal }) } });
  const remove = (id: ContainerID): Promise<Answer> =>
    api.call({ type: 'REMOVE_CONTAINER', remove_container: member(id) });
  const list = async (
    shown: NonNullable<AgentCall['get_containers']>,
  ): Promise<readonly AgentResponseGetContainersContainer[]> => {
    const [, body] = await api.call({ type: 'GET_CONTAINERS', get_containers: shown });
    return (JSON.parse(body) as AgentResponse).get_containers?.containers ?? [];
  };
  const listed = async (id: ContainerID): Promise<AgentResponseGetContainersContainer | undefined> =>
    (await list({ show_nested: true, show_standalone: true })).find(
      ({ container_id }) => container_id.value === id.value,
    );
  const runOf = ({ value }: ContainerID): string => {
    const executors = join(agent.workDir, 'slaves/S0/frameworks/F/executors');
    const runs = readdirSync(executors).map((task) => join(executors, task, 'runs', value));
    return runs.find((run) => existsSync(run)) ?? '';
  };
  /** Sandbox of one that stands alone, or is within a command task's container. */
  const sandboxOf = ({ value, parent: around }: ContainerID): string => {
    if (around === undefined) return join(agent.workDir, 'containers', value);
    if (around.parent !== undefined) return join(sandboxOf(around), 'containers', value);
    return join(runOf(around), 'containers', value);
  };
  const logOf = (sandbox: string): string => (existsSync(sandbox) ? readFileSync(join(sandbox, 'stdout'), 'utf8') : '');
  const stdout = (id: ContainerID): string => logOf(sandboxOf(id));

  it('run in another one, are listed, and keep their exit status until they are removed', async () => {
    const id = within(parent);
    expect(
      await launch(id, { value: 'echo "$MESOS_SANDBOX"; pwd; while [ ! -e go ]; do sleep 0.02; done; exit 7' }),
    ).toEqual([200, '']);
    expect(await launch(id, { value: 'true' })).toEqual([202, '']);
    const shown = await listed(id);
    expect(shown?.container_status).toEqual({ container_id: id, executor_pid: expect.any(Number) });
    expect(shown?.resource_statistics?.timestamp).toBeGreaterThan(1e9);
    expect(await remove(id)).toEqual([500, 'Nested container has not terminated yet']);
    writeFileSync(join(sandboxOf(id), 'go'), '');
    expect(await wait(id)).toEqual({ exit_status: 7 << 8 });
    expect(await wait(id)).toEqual({ exit_status: 7 << 8 });
    expect(stdout(id)).toBe(`${sandboxOf(id)}\n`.repeat(2));
    expect((await listed(id))?.container_status).toEqual({ container_id: id });
    expect(await launch(id, { value: 'true' })).toEqual([
      400,
      `Container ${parent.value}.${id.value} has ended and was not removed`,
    ]);
    const sandbox = sandboxOf(id);
    expect(await remove(id)).toEqual([200, '']);
    expect(existsSync(sandbox)).toBe(false);
    expect(await remove(id)).toEqual([200, '']);
    expect(await waitStatus(id)).toEqual([404, `Container ${parent.value}.${id.value} cannot be found`]);
    expect(await listed(id)).toBeUndefined();
  });

  it('get signals, SIGKILL unless another is named', async () => {
    const id = within(parent);
    await launch(id, { value: "trap 'echo usr; exit 3' USR1; echo up; while :; do sleep 0.05; done" });
    await until(() => stdout(id) === 'up\n');
    expect(await kill(id, 10)).toEqual([200, '']);
    expect(await wait(id)).toEqual({ exit_status: 3 << 8 });
    expect(await kill(id)).toEqual([
      404,
      `Container '${parent.value}.${id.value}' cannot be found (or is already killed)`,
    ]);
    const other = within(parent);
    await launch(other, { value: 'sleep 600' });
    expect(await kill(other, 99)).toEqual([400, expect.stringContaining('Signal 99 cannot be sent')]);
    expect(await kill(other)).toEqual([200, '']);
    expect(await wait(other)).toEqual({ exit_status: 9 });
  });

  it('run within one another, and end with the one around them', async () => {
    const outer = within(parent);
    const inner = within(outer);
    await launch(outer, { value: 'sleep 600' });
    expect(await launch(inner, { value: 'echo deep; sleep 600' })).toEqual([200, '']);
    await until(() => stdout(inner) === 'deep\n');
    const pid = (await listed(inner))?.container_status?.executor_pid ?? 0;
    if (containerizer !== 'process') {
      const path = `/${parent.value}/mesos/${outer.value}/mesos/${inner.value}`;
      expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8')).toContain(path);
    }
    const ended = wait(inner);
    await kill(outer);
    expect(await wait(outer)).toEqual({ exit_status: 9 });
    expect(await ended).toEqual({ exit_status: 9 });
    // Kept as long as the one around it.
    expect(await wait(inner)).toEqual({ exit_status: 9 });
    expect(await remove(outer)).toEqual([200, '']);
    expect((await waitStatus(inner))[0]).toBe(404);
  });

  it('end with the task that they are in, and are forgotten', async () => {
    const task = await taskContainer('sleep 600');
    const [living, over] = [within(task), within(task)];
    await launch(living, { value: 'sleep 600' });
    await launch(over, { value: 'exit 1' });
    await wait(over);
    const ended = wait(living);
    await kill(task);
    expect(await ended).toEqual({ exit_status: 9 });
    await until(async () => (await waitStatus(living))[0] === 404 && (await waitStatus(over))[0] === 404);
  });

  it('run in a task of a group, as their own user, with their environment and files', async () => {
    const { command: _none, ...custom } = executorInfo({ executor_id: { value: 'pod' } });
    const executor = { ...custom, type: 'DEFAULT' as const, resources: scalars(0.1, 32) };
    const info = taskInfo({
      ...{ task_id: { value: 'member' }, command: { value: 'sleep 600' }, resources: scalars(0.1, 32), executor },
    });
    const at = { agentId: 'S0', frameworkId: 'F', framework: frameworkInfo(), role: 'dev', traceId: 'a'.repeat(32) };
    await agent.cluster.launchGroup('S0', { ...at, executor, taskGroup: { tasks: [info] } });
    const { status } = await agent.cluster.reported('member', 'TASK_RUNNING');
    const around = status.container_status?.container_id ?? { value: '' };
    const id = within(around);
    const secret = { type: 'VALUE' as const, value: { data: Buffer.from('s3cret').toString('base64') } };
    const variables = [
      { name: 'GREETING', value: 'hi there' },
      { name: 'KEY', type: 'SECRET' as const, secret },
    ];
    const uris = [{ value: `file://${join(import.meta.dirname, 'ids.port.ts')}`, output_file: 'fetched' }];
    const command = { value: 'id -un; echo $GREETING $KEY; test -s fetched && echo got', user: 'daemon' };
    expect(await launch(id, { ...command, environment: { variables }, uris })).toEqual([200, '']);
    const output = await api.session({ container_id: within(around), command: { value: `cat containers/*/stdout` } });
    expect(await wait(id)).toEqual({ exit_status: 0 });
    await output.ended;
    const run = join(agent.workDir, 'slaves/S0/frameworks/F/executors/pod/runs', around.parent?.value ?? '');
    const sandbox = join(run, 'containers', around.value, 'containers', id.value);
    expect(readFileSync(join(sandbox, 'stdout'), 'utf8')).toBe('daemon\nhi there s3cret\ngot\n');
  });

  it('share a folder of the sandbox around them', async () => {
    const source = { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'shared' } } as const;
    const container: ContainerInfo = { ...MESOS, volumes: [{ mode: 'RW', container_path: 'data', source }] };
    const [writer, reader] = [within(parent), within(parent)];
    await launch(writer, { value: 'echo shared > data/file' }, container);
    await wait(writer);
    await launch(reader, { value: 'cat data/file' }, container);
    await wait(reader);
    expect(stdout(reader)).toBe('shared\n');
  });

  it('stand alone, with nothing but what they ask for', async () => {
    const id = { value: `alone-${containerizer}` };
    expect(await launchContainer({ container_id: id, command: { value: 'echo alone; sleep 600' } })).toEqual([200, '']);
    await until(() => stdout(id) === 'alone\n');
    expect((await list({ show_nested: true })).map(({ container_id }) => container_id.value)).not.toContain(id.value);
    const shown = (await list({ show_standalone: true })).find(({ container_id }) => container_id.value === id.value);
    expect(shown).toEqual({
      container_id: id,
      container_status: { container_id: id, executor_pid: expect.any(Number) },
      resource_statistics: expect.objectContaining({ timestamp: expect.any(Number) }),
    });
    const folder = sandboxOf(id);
    const [, files] = await api.call({ type: 'LIST_FILES', list_files: { path: folder } });
    const infos = (JSON.parse(files) as AgentResponse).list_files?.file_infos ?? [];
    expect(infos.map(({ path }) => path)).toEqual([`${folder}/stderr`, `${folder}/stdout`]);
    const read = await agent.get(`/files/read?path=${folder}/stdout&offset=0`);
    expect(await read.json()).toEqual({ data: 'alone\n', offset: 0 });
    const followed = await agent.get(`/v1/files/follow?path=${folder}/stdout`);
    const inner = within(id);
    expect(await launch(inner, { value: 'exit 2' })).toEqual([200, '']);
    expect(await wait(inner)).toEqual({ exit_status: 2 << 8 });
    expect((await list({ show_nested: true })).map(({ container_id }) => container_id.value)).not.toContain(
      inner.value,
    );
    expect(await remove(id)).toEqual([500, 'Container has not terminated yet']);
    await kill(id);
    expect(await wait(id)).toEqual({ exit_status: 9 });
    // Until its end, and no longer.
    expect(await followed.text()).toBe('alone\n');
    expect(await remove(id)).toEqual([200, '']);
    expect((await waitStatus(inner))[0]).toBe(404);
    expect(await remove(id)).toEqual([500, `Unknown container '${id.value}'`]);
  });

  it.skipIf(containerizer === 'process')(
    'are ended for memory within limits of their own (plain processes have no limits)',
    async () => {
      const hog = { value: 'head -c 80m /dev/zero | tail > /dev/null' };
      const alone = { value: `hog-${containerizer}` };
      await launchContainer({ container_id: alone, command: hog, resources: amounts({ mem: 32 }) });
      const nested = within(parent);
      const container = { ...MESOS, linux_info: { share_cgroups: false } };
      const member = { container_id: nested, command: hog, resources: amounts({ mem: 32 }), container };
      expect(await launchContainer(member)).toEqual([200, '']);
      for (const id of [alone, nested]) {
        expect(await wait(id)).toMatchObject({
          state: 'TASK_FAILED',
          reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
          message: expect.stringContaining('Memory limit exceeded'),
        });
      }
    },
  );

  it('are shown to any number of readers, and typed into by one, on a terminal', async () => {
    const id = within(parent);
    await launch(id, { value: 'sh' }, { ...MESOS, tty_info: { window_size: { rows: 10, columns: 20 } } });
    const readers = await Promise.all([api.attach(id), api.attach(id)]);
    const input = api.input(id).write('stty size; echo $((6 * 7))\r');
    for (const reader of readers) await reader.shows(/10 20\r\n42\r\n/);
    expect(await api.input(id).write('x').answer).toEqual([409, 'Multiple input connections are not allowed']);
    input.resize(30, 40).write('').write('stty size\r');
    await readers[0]?.shows(/30 40\r\n/);
    expect(await input.end()).toEqual([200, '']);
    const second = api.input(id).write('exit 4\r');
    expect(await wait(id)).toEqual({ exit_status: 4 << 8 });
    for (const reader of readers) expect((await reader.ended).STDOUT).toContain('exit 4');
    await second.end();
    expect(stdout(id)).toContain('42\r\n');
  });

  it('show what they write without a terminal, and take no input', async () => {
    const id = within(parent);
    await launch(id, { value: 'echo before; while [ ! -e go ]; do sleep 0.02; done; echo out; echo err >&2' });
    await until(() => stdout(id) === 'before\n');
    const reader = await api.attach(id);
    expect(await api.input(id).answer).toEqual([
      500,
      'I/O switchboard server was disabled for this container: it has no terminal',
    ]);
    const go = await api.session({ container_id: within(parent), command: { value: `touch ${sandboxOf(id)}/go` } });
    await go.ended;
    expect(await reader.ended).toEqual({ STDOUT: 'out\n', STDERR: 'err\n' });
  });

  it('may be command tasks on a terminal', async () => {
    const id = await taskContainer('echo up; cat', { container: { ...MESOS, tty_info: {} } });
    await until(() => logOf(runOf(id)).includes('up'));
    const reader = await api.attach(id);
    const input = api.input(id).write('typed\r');
    await reader.shows(/typed\r\ntyped\r\n/);
    await input.write('\x04').end();
    await reader.ended;
    const { status } = await agent.cluster.report(
      (report) =>
        report.status.container_status?.container_id?.value === id.value && report.status.state === 'TASK_FINISHED',
    );
    expect(status.message).toBe('Command exited with status 0');
  });

  it.each<
    readonly [title: string, id: (parent: ContainerID) => ContainerID, container: ContainerInfo | undefined, RegExp]
  >([
    ['in what is not there', () => within({ value: 'nope' }), undefined, /^Parent container nope does not exist$/],
    ['of Docker', within, { type: 'DOCKER' }, /^The provided ContainerInfo is not supported$/],
    ['of an image', within, { ...MESOS, mesos: { image: { type: 'APPC' } } }, /does not support images of type APPC$/],
    [
      'with a bad name',
      (around) => ({ value: 'a.b', parent: around }),
      undefined,
      /'a.b' contains invalid characters$/,
    ],
  ])('are refused %s', async (_, idOf, container, message) => {
    const [status, text] = await launch(idOf(parent), { value: 'true' }, container);
    expect([status, text]).toEqual([400, expect.stringMatching(message)]);
  });

  it('that cannot be brought up leave nothing behind', async () => {
    const id = within(parent);
    const command = { shell: false, value: 'no-such-program', arguments: ['no-such-program'] };
    expect(await launch(id, command)).toEqual([
      400,
      expect.stringMatching(/^Failed to launch container: executable file `no-such-program` not found/),
    ]);
    expect(await listed(id)).toBeUndefined();
    expect(existsSync(sandboxOf(id))).toBe(false);
    expect(await launch(id, { value: 'exit 0' })).toEqual([200, '']);
    expect(await wait(id)).toEqual({ exit_status: 0 });
  });

  it('are found again by the next agent: those that run, and how the others ended', async () => {
    const [running, over, ending] = [within(parent), within(parent), within(parent)];
    const alone = { value: `kept-${containerizer}` };
    await launch(running, { value: 'cat' }, { ...MESOS, tty_info: {} });
    await launch(over, { value: 'exit 5' });
    await wait(over);
    await launchContainer({ container_id: alone, command: { value: 'sleep 600' } });
    await launch(ending, { value: 'while [ ! -e go ]; do sleep 0.02; done; exit 6' });
    const go = join(sandboxOf(ending), 'go');
    const pid = (await listed(ending))?.container_status?.executor_pid ?? 0;
    await agent.down();
    writeFileSync(go, '');
    await until(() => !existsSync(`/proc/${pid}`));
    await agent.up();
    expect([await wait(over), await wait(ending)]).toEqual([{ exit_status: 5 << 8 }, { exit_status: 6 << 8 }]);
    expect((await listed(alone))?.container_status?.executor_pid).toEqual(expect.any(Number));
    const reader = await api.attach(running);
    const input = api.input(running).write('again\r');
    await reader.shows(/again\r\nagain\r\n/);
    await input.write('\x04').end();
    expect(await wait(running)).toEqual({ exit_status: 0 });
    await kill(alone);
    expect(await wait(alone)).toEqual({ exit_status: 9 });
  });
});
