import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amqpUrl, brokerMissing } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentProcess } from '../faults/agent-kill/agent-process.js';
import { ControlPlane } from '../faults/agent-kill/control-plane.js';
import { TaskWatcher } from '../faults/agent-kill/task-watcher.js';

/**
 * How a task ends whose agent died at a step.
 *
 * `exit 7`: it ran once and its exit status is told. `lost`: it was being brought up; whether it has begun cannot be told, so it is dropped
 * and has run at most once. `lost or exit 7`: the agent goes on while the broker confirms, so either may come first.
 */
type Outcome = 'exit 7' | 'lost' | 'lost or exit 7';

/** Steps of a task that ends by itself, in their order, and how the task ends when the agent dies there. */
const OF_A_TASK: [step: string, outcome: Outcome][] = [
  ['before checkpoint of task', 'exit 7'],
  ['after checkpoint of task', 'lost'],
  ['before create', 'lost'],
  ['after create', 'lost'],
  ['before checkpoint of container', 'lost'],
  ['after checkpoint of container', 'lost'],
  ['before checkpoint of TASK_STARTING', 'lost'],
  ['after checkpoint of TASK_STARTING', 'lost'],
  ['before report of TASK_STARTING', 'lost'],
  ['after report of TASK_STARTING', 'lost or exit 7'],
  ['before start', 'lost'],
  // It has ended when the next agent looks.
  ['after start', 'exit 7'],
  ['before checkpoint of TASK_RUNNING', 'exit 7'],
  ['after checkpoint of TASK_RUNNING', 'exit 7'],
  ['before checkpoint of the acknowledgement of TASK_STARTING', 'exit 7'],
  ['after checkpoint of the acknowledgement of TASK_STARTING', 'exit 7'],
  ['before report of TASK_RUNNING', 'exit 7'],
  ['after report of TASK_RUNNING', 'exit 7'],
  ['before checkpoint of the acknowledgement of TASK_RUNNING', 'exit 7'],
  ['after checkpoint of the acknowledgement of TASK_RUNNING', 'exit 7'],
  ['after the end of the container', 'exit 7'],
  ['before checkpoint of TASK_FAILED', 'exit 7'],
  ['after checkpoint of TASK_FAILED', 'exit 7'],
  ['before remove', 'exit 7'],
  ['after remove', 'exit 7'],
  ['before report of TASK_FAILED', 'exit 7'],
  ['after report of TASK_FAILED', 'exit 7'],
  ['before checkpoint of the acknowledgement of TASK_FAILED', 'exit 7'],
  ['after checkpoint of the acknowledgement of TASK_FAILED', 'exit 7'],
];

/** Steps of a task that is killed while it runs. */
const OF_A_KILL: string[] = [
  'before checkpoint of kill',
  'after checkpoint of kill',
  'before kill',
  'after kill',
  'after the end of the container',
  'before checkpoint of TASK_KILLED',
  'after checkpoint of TASK_KILLED',
  'before remove',
  'after remove',
  'before report of TASK_KILLED',
  'after report of TASK_KILLED',
  'before checkpoint of the acknowledgement of TASK_KILLED',
  'after checkpoint of the acknowledgement of TASK_KILLED',
];

/** Steps of a start that finds a task which ended while the agent was away. */
const OF_A_RECOVERY: string[] = [
  'before recover',
  'after recover',
  'before remove',
  'after remove',
  'before checkpoint of TASK_FAILED',
  'after checkpoint of TASK_FAILED',
  'before report of TASK_FAILED',
  'after report of TASK_FAILED',
  'before checkpoint of the acknowledgement of TASK_FAILED',
  'after checkpoint of the acknowledgement of TASK_FAILED',
];

/** Two starts of an agent on a machine that has other things to do. */
const TIMEOUT_MS = 120_000;
const ALL = OF_A_TASK.length + OF_A_KILL.length + OF_A_RECOVERY.length;

/** Each step costs two starts of an agent: every change is held to each fourth of them, `npm run test:agent-kill` to all. */
const isWhole = process.env['TRANCHE_AGENT_KILL'] === 'all';
const chosen = <T>(steps: readonly T[]): T[] => steps.filter((_, index) => isWhole || index % 4 === 1);
const COUNT = chosen(OF_A_TASK).length + chosen(OF_A_KILL).length + chosen(OF_A_RECOVERY).length;
const HOW_MANY = isWhole ? `each of ${ALL} steps` : `${COUNT} of ${ALL} steps (all: npm run test:agent-kill)`;

/** The whole cluster over RabbitMQ; the agent is a process of its own with real containers, killed with SIGKILL. */
describe.skipIf(brokerMissing())(`an agent that is killed at ${HOW_MANY}`, () => {
  let folder: string;
  let control: ControlPlane;
  let agent: AgentProcess;
  let tasks: TaskWatcher;
  const launched: string[] = [];
  const cgroupsRoot = `tranche-kill-${process.pid}`;

  const runs = (id: string): string => join(folder, 'runs', id);
  const timesRun = (id: string): number => {
    try {
      return readFileSync(runs(id), 'utf8').length;
    } catch {
      return 0;
    }
  };
  const launch = async (step: string, rest: string): Promise<string> => {
    const id = `${launched.length}-${step.replaceAll(' ', '-')}`;
    launched.push(id);
    await tasks.launch(id, `printf x >> ${runs(id)}; ${rest}`);
    return id;
  };
  const end = async (id: string): Promise<string> => {
    const { state, message } = await tasks.ended(id);
    return `${state}: ${message}`;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-kill-'));
    mkdirSync(join(folder, 'runs'));
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
  });
  afterAll(async () => {
    await tasks?.close();
    await agent?.kill('SIGTERM');
    await control?.stop();
    rmSync(folder, { recursive: true, force: true });
    await removeCgroups(cgroupsRoot);
  });

  it.each(chosen(OF_A_TASK))('%s, answers for the task: %s', { timeout: TIMEOUT_MS }, async (step, outcome) => {
    await agent.arm(step);
    const id = await launch(step, 'sleep 0.3; exit 7');
    expect(await agent.died()).toBe(true);
    await agent.start();
    const message = await end(id);
    const isLost = outcome === 'lost' || (outcome === 'lost or exit 7' && message.startsWith('TASK_LOST'));
    if (isLost) {
      expect(message).toBe('TASK_LOST: Task launched during agent restart');
      expect(timesRun(id)).toBeLessThanOrEqual(1);
    } else {
      expect(message).toBe('TASK_FAILED: Command exited with status 7');
      expect(timesRun(id)).toBe(1);
    }
  });

  it.each(chosen(OF_A_KILL))('%s, ends the task that was to be killed', { timeout: TIMEOUT_MS }, async (step) => {
    const id = await launch(step, 'exec sleep 600');
    await tasks.reached(id, 'TASK_RUNNING');
    await agent.arm(step);
    await tasks.kill(id);
    expect(await agent.died()).toBe(true);
    await agent.start();
    expect(await end(id)).toBe('TASK_KILLED: Command terminated with signal Terminated');
    expect(timesRun(id)).toBe(1);
  });

  it.each(chosen(OF_A_RECOVERY))(
    '%s of a start, tells of the task that ended meanwhile',
    { timeout: TIMEOUT_MS },
    async (step) => {
      const gate = join(folder, 'runs', `gate-${launched.length}`);
      const id = await launch(step, `while [ ! -e ${gate} ]; do sleep 0.02; done; exit 7`);
      await tasks.reached(id, 'TASK_RUNNING');
      await agent.kill();
      mkdirSync(gate);
      await agent.start(step);
      expect(await agent.died()).toBe(true);
      await agent.start();
      expect(await end(id)).toBe('TASK_FAILED: Command exited with status 7');
      expect(timesRun(id)).toBe(1);
    },
  );

  it('told one end of every task, and no other afterwards', () => {
    // A second try of a step launches another.
    expect(launched.length).toBeGreaterThanOrEqual(COUNT);
    const ends = launched.map((id) => [id, tasks.ends(id).length]);
    expect(ends.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('left nothing of any container behind', async () => {
    expect(await readdir(join(folder, 'run', 'containers'))).toEqual([]);
  });
});

/** The agent's own folders in each hierarchy; those of its containers are gone with them. */
async function removeCgroups(root: string): Promise<void> {
  const mounts = await readdir('/sys/fs/cgroup', { withFileTypes: true }).catch(() => []);
  for (const mount of mounts) {
    const path = join('/sys/fs/cgroup', mount.name, root);
    const below = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
    const folders = below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    for (const folder of [path, ...folders].toReversed()) await rmdir(folder).catch(() => undefined);
  }
}
