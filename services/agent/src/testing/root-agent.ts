import { chmod, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import type { FrameworkInfo, Resource, TaskInfo } from '@tranche/mesos-api';
import { type AgentConfig, agentOptions } from '../agent.config.js';
import { type RunningAgent, startAgent } from '../start-agent.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { launchOf } from './task-world.js';

/** For tests as root: a whole agent with the containers of this machine, among services that are played. */
export class RootAgent {
  readonly cluster = new FakeControlPlane();
  private count = 0;

  private constructor(
    readonly workDir: string,
    private readonly cgroupsRoot: string,
    /** Options that are not the defaults; a change holds from the next start on. */
    readonly more: { -readonly [K in keyof AgentConfig]?: AgentConfig[K] },
    private running: RunningAgent | undefined,
  ) {}

  /** @param name tells its cgroups from those of other tests */
  static async start(name: string, more: Partial<AgentConfig> = {}): Promise<RootAgent> {
    const workDir = await mkdtemp(join(tmpdir(), `agent-${name}-`));
    // Others walk through it to their caches.
    await chmod(workDir, 0o755);
    const agent = new RootAgent(workDir, `tranche-test-${name}-${process.pid}`, more, undefined);
    await agent.up();
    return agent;
  }

  get agent(): RunningAgent {
    if (this.running === undefined) throw new Error('the agent is not running');
    return this.running;
  }

  /** Starts it again. */
  async up(): Promise<void> {
    const { workDir, cgroupsRoot } = this;
    const config = configWith(agentOptions, {
      ...{
        workDir,
        runtimeDir: join(workDir, 'run'),
        cgroupsRoot,
        httpPort: 0,
        resources: 'cpus:4;mem:2048;disk:4096',
      },
      ...this.more,
    });
    this.running = await startAgent({ config, host: this.cluster.host() });
  }

  /** Stops it, its tasks run on. */
  async down(): Promise<void> {
    await this.agent.stop({ killTasks: false });
    this.running = undefined;
  }

  /** Ends its tasks and removes everything that it has left. */
  async remove(): Promise<void> {
    await this.running?.stop({ killTasks: true });
    await rm(this.workDir, { recursive: true, force: true });
    await removeCgroups(this.cgroupsRoot);
  }

  /** Launches a command as a task of its own. @returns its id */
  async launch(command: string, more: Partial<TaskInfo> = {}, framework?: FrameworkInfo): Promise<string> {
    const taskId = `task-${++this.count}`;
    const info = { task_id: { value: taskId }, command: { value: command }, ...more };
    await this.cluster.launch('S0', launchOf(info, framework));
    return taskId;
  }

  /** Body of a GET. */
  async get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.agent.port}${path}`);
  }

  async sandboxFile(taskId: string, name: string): Promise<string> {
    const path = `/frameworks/F/executors/${taskId}/runs/latest/${name}`;
    return (await this.get(`/files/download?path=${path}`)).text();
  }
}

/** What a task asks for. */
export const amounts = (amount: { cpus?: number; mem?: number; disk?: number }): Resource[] =>
  Object.entries({ cpus: 0.1, mem: 32, ...amount }).map(([name, value]) => ({
    name,
    type: 'SCALAR',
    scalar: { value },
  }));

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
