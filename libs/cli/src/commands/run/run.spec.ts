import type { SchedulerCall, TaskInfo } from '@tranche/mesos-api';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, type FakeWorld, type FakeWorldOptions, fakeWorld, FakeRest } from '../../cli.fakes.js';
import { runCli } from '../../cli.js';

let cluster: FakeCluster;
let rest: FakeRest;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
});

afterEach(() => cluster.stop());

/** A run that goes on, in real time. */
function start(args: readonly string[], options: FakeWorldOptions = {}): { world: FakeWorld; exit: Promise<number> } {
  const world = fakeWorld({ isLive: true, ...options });
  return { world, exit: runCli(['-u', cluster.url, 'run', ...args], world.io) };
}

const launchedTasks = (accept: SchedulerCall): TaskInfo[] =>
  accept.accept?.operations?.flatMap(({ launch }) => launch?.task_infos ?? []) ?? [];

/** Offers an agent and returns the task that is launched there, its outputs being as given. */
async function launchOne(outputs: { stdout?: string; stderr?: string } = {}): Promise<TaskInfo> {
  await cluster.nextCall('SUBSCRIBE');
  cluster.offer();
  return nextTask(outputs);
}

async function nextTask({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string } = {}): Promise<TaskInfo> {
  const [task] = launchedTasks(await cluster.nextCall('ACCEPT'));
  if (!task) throw new Error('nothing was launched');
  rest.logs.set(`${task.task_id.value}/stdout`, stdout);
  rest.logs.set(`${task.task_id.value}/stderr`, stderr);
  return task;
}

const finished = { state: 'TASK_FINISHED', message: 'Command exited with status 0' } as const;
const failed = { state: 'TASK_FAILED', message: 'Command exited with status 3' } as const;

describe('tranche run', () => {
  it('prints what the command prints and exits with its status', async () => {
    const { world, exit } = start(['--', 'sh', '-c', 'echo hello; exit 3']);
    const task = await launchOne({ stdout: 'hello\n' });
    expect(task.command).toEqual({ shell: false, value: 'sh', arguments: ['sh', '-c', 'echo hello; exit 3'] });
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, failed);
    expect(await exit).toBe(3);
    expect(world.stdout()).toBe('hello\n');
  });

  it('begins when the cluster can, and says that it could not', async () => {
    const busy = { status: 503, body: 'No replica of the service answers; try again' };
    let left = 2;
    cluster.options.answer = ({ type }) => (type === 'SUBSCRIBE' && left-- > 0 ? busy : undefined);
    const { world, exit } = start(['--', 'true'], { speed: 10 });
    await cluster.nextCall('SUBSCRIBE');
    await cluster.nextCall('SUBSCRIBE');
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, finished);
    expect(await exit).toBe(0);
    expect(world.stderr().match(/the cluster cannot answer now \(No replica/g)).toHaveLength(1);
    expect(world.stderr()).toContain('connected to the cluster again');
  });

  it('asks for a launch that the cluster could not answer for, and launches again when nobody knows of it', async () => {
    cluster.options.answer = ({ type }) => (type === 'ACCEPT' ? { status: 503, body: 'try again' } : undefined);
    const { world, exit } = start(['--', 'true'], { speed: 10 });
    const lost = await launchOne();
    cluster.options.answer = () => undefined;
    const asked = await cluster.nextCall('RECONCILE');
    expect(asked.reconcile?.tasks?.map(({ task_id }) => task_id)).toEqual([lost.task_id]);
    const unknown = { reason: 'REASON_RECONCILIATION', message: 'Reconciliation: Task is unknown' } as const;
    cluster.update(lost.task_id.value, { state: 'TASK_UNKNOWN', ...unknown });
    cluster.offer();
    const task = await nextTask();
    // The first one was on its way all the time.
    cluster.update(lost.task_id.value, { state: 'TASK_RUNNING' });
    expect((await cluster.nextCall('KILL')).kill?.task_id).toEqual(lost.task_id);
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, finished);
    expect(await exit).toBe(0);
    expect(world.stderr()).toContain('the cluster could not answer (try again), asking for what was launched');
  });

  it('exits with 0 when the command does, and removes its framework', async () => {
    const { exit } = start(['--', 'true']);
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, finished);
    expect(await exit).toBe(0);
    expect(cluster.calls.at(-1)?.type).toBe('TEARDOWN');
  });

  it('acknowledges every update before it ends', async () => {
    const { exit } = start(['--', 'true']);
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, finished);
    await exit;
    expect(cluster.calls.filter(({ type }) => type === 'ACKNOWLEDGE')).toHaveLength(2);
  });

  it('asks for what the flags say', async () => {
    const flags = [
      '--name',
      'web',
      '--cpus',
      '0.5',
      '--mem',
      '128m',
      '--ports',
      '2',
      '--env',
      'A=b=c',
      '--label',
      'tier=x',
    ];
    const { exit } = start([...flags, '--max-time', '1m', '--', 'sleep', '9']);
    const task = await launchOne();
    expect(task.name).toBe('web');
    expect(task.resources).toEqual([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 128 } },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31001 }] } },
    ]);
    expect(task.command?.environment?.variables).toEqual([
      { name: 'PORT', value: '31000' },
      { name: 'PORT0', value: '31000' },
      { name: 'PORT1', value: '31001' },
      { name: 'A', value: 'b=c' },
    ]);
    expect(task.labels).toEqual({ labels: [{ key: 'tier', value: 'x' }] });
    expect(task.max_completion_time).toEqual({ nanoseconds: 6e10 });
    cluster.update(task.task_id.value, finished);
    await exit;
  });

  it('passes on what the cluster may refuse, and says what it answered', async () => {
    const { world, exit } = start([
      '--name',
      'web',
      '--image',
      'docker://python:3.12',
      '--uri',
      'http://x/y',
      '--',
      'true',
    ]);
    const task = await launchOne();
    expect(task.container).toEqual({
      type: 'MESOS',
      mesos: { image: { type: 'DOCKER', docker: { name: 'python:3.12' } } },
    });
    expect(task.command?.uris).toEqual([{ value: 'http://x/y' }]);
    const refusal = {
      source: 'SOURCE_MASTER',
      reason: 'REASON_TASK_INVALID',
      message: 'container images are not supported',
    } as const;
    cluster.send({
      type: 'UPDATE',
      update: { status: { task_id: task.task_id, state: 'TASK_ERROR', ...refusal } },
    });
    expect(await exit).toBe(125);
    expect(world.stderr()).toMatch(/web error after [\d.]+ s: container images are not supported/);
    // It has written nothing that could be read.
    expect(world.stderr()).toContain(
      `  try: tranche task describe ${task.task_id.value.slice(0, 8)}   tranche trace ${task.task_id.value.slice(0, 8)}\n`,
    );
  });

  it('runs a single word by the shell', async () => {
    const { exit } = start(['--', 'echo a; exit 0']);
    const task = await launchOne();
    expect(task.command).toEqual({ shell: true, value: 'echo a; exit 0' });
    cluster.update(task.task_id.value, finished);
    await exit;
  });

  it('subscribes as a framework of the same name, in the role that is asked for', async () => {
    const { exit } = start(['--name', 'web', '--role', 'analytics', '--', 'true']);
    const subscribe = await cluster.nextCall('SUBSCRIBE');
    expect(subscribe.subscribe?.framework_info).toMatchObject({ name: 'web', user: 'tester', roles: ['analytics'] });
    cluster.offer();
    const task = await nextTask();
    cluster.update(task.task_id.value, finished);
    await exit;
  });

  it('tells each change on a line of its own, the time first', async () => {
    const { world, exit } = start(['--name', 'web', '--', 'true']);
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, finished);
    await exit;
    const lines = world.stderr().trimEnd().split('\n');
    expect(lines.every((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z web /.test(line))).toBe(true);
    expect(lines.map((line) => line.slice(29).replace(/\d+\.\d s/, 'N s'))).toEqual([
      'waiting for an offer',
      'agent n1 · starting',
      'running on n1 after N s',
      'finished after N s',
    ]);
  });

  it('shows the cause, the last lines of stderr and what to do next when the command fails', async () => {
    const { world, exit } = start(['--name', 'web', '--', 'make']);
    const task = await launchOne({ stderr: Array.from({ length: 12 }, (_, n) => `line ${n}\n`).join('') });
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, failed);
    expect(await exit).toBe(3);
    const short = task.task_id.value.slice(0, 8);
    expect(world.stderr()).toContain('exit 3 after');
    expect(world.stderr()).toContain('    line 2\n    line 3\n');
    expect(world.stderr()).toContain(`try: tranche logs ${short}   tranche fs ls ${short}   tranche trace ${short}\n`);
  });

  it('shows a task over its memory limit as OOM, with limit and use', async () => {
    const { world, exit } = start(['--name', 'hog', '--mem', '32m', '--', 'hog']);
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, {
      state: 'TASK_FAILED',
      reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
      message: 'Memory limit exceeded: Requested: 32MB Maximum Used: 32MB\n\nMEMORY STATISTICS:',
      limitation: { resources: [{ name: 'mem', type: 'SCALAR', scalar: { value: 32 } }] },
    });
    expect(await exit).toBe(137);
    expect(world.stderr()).toContain('OOM 32 MiB, used 32 MiB');
  });

  it('puts the name before each line when there are several instances', async () => {
    const { world, exit } = start(['--name', 'web', '-n', '2', '--', 'true']);
    await cluster.nextCall('SUBSCRIBE');
    cluster.offer();
    const tasks = launchedTasks(await cluster.nextCall('ACCEPT'));
    expect(tasks.map(({ name }) => name)).toEqual(['web.0', 'web.1']);
    for (const { task_id, name } of tasks) {
      rest.logs.set(`${task_id.value}/stdout`, `I am ${name}\n`);
      rest.logs.set(`${task_id.value}/stderr`, '');
      cluster.update(task_id.value, { state: 'TASK_RUNNING' });
      cluster.update(task_id.value, finished);
    }
    expect(await exit).toBe(0);
    expect(world.stdout().trimEnd().split('\n').toSorted()).toEqual(['web.0 | I am web.0', 'web.1 | I am web.1']);
  });

  it('launches again under another id when the offer was gone', async () => {
    const { exit } = start(['--', 'true']);
    const first = await launchOne();
    const lost = { state: 'TASK_DROPPED', reason: 'REASON_INVALID_OFFERS', source: 'SOURCE_MASTER' } as const;
    cluster.send({ type: 'UPDATE', update: { status: { task_id: first.task_id, ...lost } } });
    await cluster.nextCall('REVIVE');
    cluster.offer();
    const second = await nextTask();
    expect(second.task_id).not.toEqual(first.task_id);
    cluster.update(second.task_id.value, finished);
    expect(await exit).toBe(0);
  });

  it('starts again what has failed when it is told to', async () => {
    const { world, exit } = start(['--name', 'web', '--restart', 'on-failure', '--', 'flaky'], { speed: 20 });
    const first = await launchOne();
    cluster.update(first.task_id.value, failed);
    await cluster.nextCall('REVIVE');
    cluster.offer();
    const second = await nextTask();
    cluster.update(second.task_id.value, finished);
    expect(await exit).toBe(0);
    expect(world.stderr()).toContain('will be started again');
  });

  it('goes only to agents that are asked for', async () => {
    const { exit } = start(['--where', 'zone=eu-1', '--', 'true']);
    await cluster.nextCall('SUBSCRIBE');
    cluster.offer({ hostname: 'n1', attributes: [{ name: 'zone', type: 'TEXT', text: { value: 'us' } }] });
    await cluster.nextCall('DECLINE');
    cluster.offer({ hostname: 'n2', attributes: [{ name: 'zone', type: 'TEXT', text: { value: 'eu-1' } }] });
    const task = await nextTask();
    cluster.update(task.task_id.value, finished);
    expect(await exit).toBe(0);
  });

  it('goes on after the connection to the cluster was lost', async () => {
    const { world, exit } = start(['--name', 'web', '--', 'sleep', '9']);
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    await cluster.nextCall('ACKNOWLEDGE');
    cluster.breakStream();
    await cluster.nextCall('SUBSCRIBE');
    const asked = await cluster.nextCall('RECONCILE');
    expect(asked.reconcile?.tasks?.[0]?.task_id).toEqual(task.task_id);
    cluster.update(task.task_id.value, finished);
    expect(await exit).toBe(0);
    expect(world.stderr()).toContain('connection to the cluster lost');
  });

  it('leaves the tasks running with --detach and prints their names', async () => {
    const { world, exit } = start(['--name', 'web', '--detach', '--', 'sleep', '9']);
    const subscribe = await cluster.nextCall('SUBSCRIBE');
    expect(subscribe.subscribe?.framework_info.failover_timeout).toBe(604_800);
    cluster.offer();
    const task = await nextTask();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    expect(await exit).toBe(0);
    expect(world.stdout()).toBe('web\n');
    expect(world.stderr()).toContain('the cluster ends them in 7d');
    expect(cluster.calls.map(({ type }) => type)).not.toContain('TEARDOWN');
  });

  it('prints one JSON object for each change and line with --json', async () => {
    const { world, exit } = start(['--json', '--name', 'web', '--', 'echo', 'hi']);
    const task = await launchOne({ stdout: 'hi\n' });
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    cluster.update(task.task_id.value, finished);
    await exit;
    const lines = world
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ phase, line }) => phase ?? line)).toEqual(['waiting', 'starting', 'running', 'hi', 'ended']);
    expect(lines.at(-1)).toMatchObject({ task: 'web', exitCode: 0 });
  });
});

describe('Ctrl-C', () => {
  it('kills the task and exits with 130', async () => {
    const { world, exit } = start(['--', 'sleep', '9']);
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    await cluster.nextCall('ACKNOWLEDGE');
    world.signal('SIGINT');
    expect((await cluster.nextCall('KILL')).kill?.task_id).toEqual(task.task_id);
    cluster.update(task.task_id.value, { state: 'TASK_KILLED', message: 'Command terminated with signal Terminated' });
    expect(await exit).toBe(130);
  });

  it('gives up at once when nothing was launched yet', async () => {
    const { world, exit } = start(['--', 'true']);
    await cluster.nextCall('SUBSCRIBE');
    cluster.offer({ resources: [] });
    await cluster.nextCall('DECLINE');
    world.signal('SIGINT');
    expect(await exit).toBe(130);
  });

  it('asks once when there are several instances', async () => {
    const { world, exit } = start(['-n', '2', '--', 'sleep', '9'], { answers: [false] });
    await cluster.nextCall('SUBSCRIBE');
    cluster.offer();
    const tasks = launchedTasks(await cluster.nextCall('ACCEPT'));
    for (const { task_id } of tasks) {
      for (const stream of ['stdout', 'stderr']) rest.logs.set(`${task_id.value}/${stream}`, '');
      cluster.update(task_id.value, { state: 'TASK_RUNNING' });
    }
    await cluster.nextCall('ACKNOWLEDGE');
    await cluster.nextCall('ACKNOWLEDGE');
    world.signal('SIGINT');
    await new Promise(setImmediate);
    world.signal('SIGINT');
    await cluster.nextCall('KILL');
    await cluster.nextCall('KILL');
    expect(world.questions).toHaveLength(1);
    for (const { task_id } of tasks) cluster.update(task_id.value, { state: 'TASK_KILLED' });
    expect(await exit).toBe(130);
  });

  it('leaves at once the second time', async () => {
    const { world, exit } = start(['--', 'sleep', '9']);
    const task = await launchOne();
    cluster.update(task.task_id.value, { state: 'TASK_RUNNING' });
    await cluster.nextCall('ACKNOWLEDGE');
    world.signal('SIGINT');
    await cluster.nextCall('KILL');
    world.signal('SIGINT');
    expect(await exit).toBe(130);
    expect(cluster.calls.at(-1)?.type).toBe('TEARDOWN');
  });
});

describe("run's own failures", () => {
  it.each([
    [['sleep', '60'], 'put -- before the command: tranche run -- sleep 60'],
    [['--'], 'nothing to run'],
    [['--mem', '64', '--', 'x'], 'mem: "64" has no unit: 64m or 64g?'],
    [['--instances', '0', '--', 'x'], 'instances: 0 must be a whole number from 1'],
    [['--where', 'zone', '--', 'x'], 'where: "zone" is not of the form ATTRIBUTE=VALUE or ATTRIBUTE:unique'],
    [['--restart', 'maybe', '--', 'x'], 'restart: "maybe" is not one of never, on-failure, always'],
    [
      ['--detach', '--restart', 'always', '--', 'x'],
      "--restart always needs a run that stays: it can't be combined with --detach",
    ],
    [['--nmae', 'x', '--', 'x'], "unknown option '--nmae'"],
    [['missing.yaml'], 'there is no file missing.yaml'],
  ])('%j is refused with 125', async (args, message) => {
    const { world, exit } = start(args);
    expect(await exit).toBe(125);
    expect(world.stderr().split('\n')[0]).toBe(`error: ${message}`);
    expect(cluster.calls).toEqual([]);
  });

  it('a cluster that is not there gives 125', async () => {
    const world = fakeWorld({ isLive: true });
    expect(await runCli(['-u', 'http://127.0.0.1:1', 'run', '--', 'true'], world.io)).toBe(125);
    expect(world.stderr()).toContain(
      'error: cannot reach http://127.0.0.1:1 (connection refused)\n  no local cluster is running: tranche local up',
    );
  });

  it('a subscription that the cluster refuses gives 125', async () => {
    const { world, exit } = start(['--', 'true']);
    await cluster.nextCall('SUBSCRIBE');
    cluster.send({ type: 'ERROR', error: { message: "Roles { x } are not present in the master's --roles" } });
    expect(await exit).toBe(125);
    expect(world.stderr()).toContain('the cluster ended this run: Roles { x }');
  });
});

describe('tranche run FILE', () => {
  it('reads YAML with the names of the flags, which weigh more', async () => {
    const files = {
      'web.yaml': 'name: web\ncommand: echo $PORT0\nresources: {cpus: 0.2, mem: 64MiB, ports: 1}\nenv: {A: 1}\n',
    };
    const { exit } = start(['web.yaml', '--cpus', '0.4'], { files });
    const task = await launchOne();
    expect(task.command).toMatchObject({ shell: true, value: 'echo $PORT0' });
    expect(task.resources?.map(({ name, scalar }) => [name, scalar?.value])).toEqual([
      ['cpus', 0.4],
      ['mem', 64],
      ['ports', undefined],
    ]);
    cluster.update(task.task_id.value, finished);
    expect(await exit).toBe(0);
  });

  it('names every mistake at once', async () => {
    const files = { 'web.yaml': 'comand: x\nresources: {memory: 1g}\ninstances: [1]\n' };
    const { world, exit } = start(['web.yaml'], { files });
    expect(await exit).toBe(125);
    expect(world.stderr()).toBe(
      [
        'error: web.yaml cannot be run',
        '  comand: is not known, did you mean command?',
        '  resources.memory: is not known',
        '  instances: must be a number or a text',
        '',
      ].join('\n'),
    );
  });
});

describe('tranche run --dry-run', () => {
  it('says where each instance would go, without a framework', async () => {
    rest.agents = [agent(), agent({ id: 'a2', hostname: 'n2' })];
    const { world, exit } = start(['--dry-run', '--name', 'web', '-n', '2', '--where', 'hostname:unique', '--', 'x']);
    expect(await exit).toBe(0);
    expect(world.stdout()).toBe('web.0 would run on n1\nweb.1 would run on n2\n');
    expect(cluster.calls).toEqual([]);
  });

  it('says why nothing can be placed, and exits with 6', async () => {
    rest.agents = [agent(), agent({ id: 'a2', hostname: 'n2', attributes: { zone: 'eu-1' } })];
    const { world, exit } = start(['--dry-run', '--name', 'web', '--mem', '8g', '--', 'x']);
    expect(await exit).toBe(6);
    expect(world.stderr()).toContain('no place for web: no agent has mem ≥ 8 GiB free (largest 1.5 GiB on n1)');
  });
});
