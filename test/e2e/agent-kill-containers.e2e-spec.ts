import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentCall, AgentResponse, AgentResponseGetContainersContainer, ContainerID } from '@tranche/mesos-api';
import { amqpUrl, brokerMissing } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentProcess } from '../faults/agent-kill/agent-process.js';
import { ControlPlane } from '../faults/agent-kill/control-plane.js';
import { TaskWatcher } from '../faults/agent-kill/task-watcher.js';

/** Steps of a container that is launched over the agent API, in their order, and whether its client may find it afterwards. */
const OF_A_LAUNCH: [step: string, isThere: boolean][] = [
  ['before checkpoint of api-container', false],
  ['after checkpoint of api-container', false],
  ['before create', false],
  ['after create', false],
  ['after checkpoint of api-container-created', false],
  ['before start', false],
  ['after start', false],
  ['before checkpoint of api-container-started', false],
  ['after checkpoint of api-container-started', true],
];

/** Steps of one that ends. */
const OF_AN_END = [
  'after the end of the container',
  'before checkpoint of api-container-ended',
  'after checkpoint of api-container-ended',
  'before remove',
  'after remove',
];

/** Two starts of an agent on a machine that has other things to do. */
const TIMEOUT_MS = 120_000;

/** The whole cluster over RabbitMQ; the agent is a process of its own with real containers, killed with SIGKILL. */
describe.skipIf(brokerMissing())('an agent that is killed while clients use its API (over RabbitMQ)', () => {
  let folder: string;
  let control: ControlPlane;
  let agent: AgentProcess;
  let tasks: TaskWatcher;
  let parent: ContainerID;
  let count = 0;
  const cgroupsRoot = `tranche-kill-api-${process.pid}`;

  const post = (call: AgentCall, signal?: AbortSignal): Promise<Response> =>
    fetch(`http://127.0.0.1:${agent.port}/api/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call),
      ...(signal && { signal }),
    });
  const launch = async (id: ContainerID, value: string): Promise<number> =>
    (await post({ type: 'LAUNCH_NESTED_CONTAINER', launch_nested_container: { container_id: id, command: { value } } }))
      .status;
  const newId = (): ContainerID => ({ value: `n${++count}`, parent });
  const wait = async (id: ContainerID): Promise<unknown> => {
    const answer = await post({ type: 'WAIT_CONTAINER', wait_container: { container_id: id } });
    return answer.status === 200 ? ((await answer.json()) as AgentResponse).wait_container : answer.status;
  };
  const list = async (): Promise<readonly AgentResponseGetContainersContainer[]> => {
    const answer = await post({ type: 'GET_CONTAINERS', get_containers: { show_nested: true, show_standalone: true } });
    return ((await answer.json()) as AgentResponse).get_containers?.containers ?? [];
  };
  /** How many processes have this text in their command line. */
  const running = (marker: string): number =>
    readdirSync('/proc').filter((pid) => /^\d+$/u.test(pid) && commandOf(pid).includes(marker)).length;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-kill-api-'));
    const brokerUrl = await amqpUrl();
    control = await ControlPlane.start(brokerUrl);
    tasks = new TaskWatcher(control.url);
    agent = new AgentProcess({
      BROKER_URL: brokerUrl,
      HTTP_PORT: '0',
      AGENT_WORK_DIR: join(folder, 'agent'),
      AGENT_RUNTIME_DIR: join(folder, 'run'),
      AGENT_CGROUPS_ROOT: cgroupsRoot,
      AGENT_RESOURCES: 'cpus:4;mem:1024;disk:1024',
    });
    await agent.start();
    await tasks.launch('around', 'exec sleep 600');
    await tasks.reached('around', 'TASK_RUNNING');
    const [task] = await list();
    parent = task?.container_id ?? { value: '' };
  });
  afterAll(async () => {
    await tasks?.close();
    await agent?.kill('SIGTERM');
    await control?.stop();
    rmSync(folder, { recursive: true, force: true });
    await removeCgroups(cgroupsRoot);
  });

  it('finds nested containers and those that stand alone again, and ends sessions', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const [nested, ending] = [newId(), newId()];
    const alone = { value: 'alone' };
    expect(await launch(nested, 'exec sleep 600.71')).toBe(200);
    expect(await launch(ending, `while [ ! -e ${folder}/go ]; do sleep 0.02; done; exit 7`)).toBe(200);
    const command = { value: 'exec sleep 600.72' };
    await post({ type: 'LAUNCH_CONTAINER', launch_container: { container_id: alone, command } });
    const session = { container_id: newId(), command: { value: 'sleep 600.73; sleep 600.73' } };
    const gone = post({ type: 'LAUNCH_NESTED_CONTAINER_SESSION', launch_nested_container_session: session })
      .then((answer) => answer.text())
      .catch(() => 'gone');
    await expect.poll(() => running('600.73'), { timeout: 10_000 }).toBeGreaterThan(0);
    await agent.kill();
    expect(await gone).toBe('gone');
    expect(running('600.71') * running('600.72')).toBeGreaterThan(0);
    mkdirSync(join(folder, 'go'));
    await agent.start();
    expect(await wait(ending)).toEqual({ exit_status: 7 << 8 });
    expect(running('600.73')).toBe(0);
    const found = (await list()).map(({ container_id: { value } }) => value);
    expect(found.toSorted()).toEqual(['alone', ending.value, nested.value, parent.value].toSorted());
    for (const id of [nested, alone]) {
      await post({ type: 'KILL_CONTAINER', kill_container: { container_id: id } });
      expect(await wait(id)).toEqual({ exit_status: 9 });
      expect((await post({ type: 'REMOVE_CONTAINER', remove_container: { container_id: id } })).status).toBe(200);
    }
  });

  it.each(OF_A_LAUNCH)('%s, has the container: %s', { timeout: TIMEOUT_MS }, async (step, isThere) => {
    const id = newId();
    const marker = `600.${1000 + count}`;
    await agent.arm(step);
    await launch(id, `exec sleep ${marker}`).catch(() => undefined);
    expect(await agent.died()).toBe(true);
    await agent.start();
    expect((await list()).some(({ container_id }) => container_id.value === id.value)).toBe(isThere);
    expect(running(marker) > 0).toBe(isThere);
    if (isThere) {
      expect(await launch(id, 'true')).toBe(202);
      await post({ type: 'KILL_CONTAINER', kill_container: { container_id: id } });
      expect(await wait(id)).toEqual({ exit_status: 9 });
    } else {
      expect(await wait(id)).toBe(404);
      expect(await launch(id, 'exit 7')).toBe(200);
      expect(await wait(id)).toEqual({ exit_status: 7 << 8 });
    }
  });

  it.each(OF_AN_END)('%s, knows how the container ended', { timeout: TIMEOUT_MS }, async (step) => {
    const id = newId();
    await agent.arm(step);
    await launch(id, 'sleep 0.3; exit 7').catch(() => undefined);
    expect(await agent.died()).toBe(true);
    await agent.start();
    expect(await wait(id)).toEqual({ exit_status: 7 << 8 });
    const { status } = await post({ type: 'REMOVE_CONTAINER', remove_container: { container_id: id } });
    expect([status, await wait(id)]).toEqual([200, 404]);
  });

  it('left nothing of any container behind but the task’s', async () => {
    await expect.poll(() => readdir(join(folder, 'run', 'containers')), { timeout: 10_000 }).toEqual([parent.value]);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The agent's own folders in each hierarchy; those of its containers are gone with them. */
async function removeCgroups(root: string): Promise<void> {
  const mounts = await readdir('/sys/fs/cgroup', { withFileTypes: true }).catch(() => []);
  for (const mount of mounts) {
    const folder = join('/sys/fs/cgroup', mount.name, root);
    const below = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const folders = below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    for (const path of [folder, ...folders].toReversed()) await rmdir(path).catch(() => undefined);
  }
}
