import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { amqpUrl } from '@tranche/test-servers';
import { AgentProcess } from './agent-process.js';
import { ControlPlane } from './control-plane.js';
import type { Fault, Life } from './life.js';
import { removeCgroups } from './remove-cgroups.js';
import { TaskWatcher } from './task-watcher.js';

/** How long an agent is given to come to a step. */
const TO_A_STEP_MS = 60_000;
/** An agent that takes no step for so long has none left to take. */
const QUIET_MS = 200;
/** How long there is no room on a full disk: long enough for the agent to come to the next write, and to look for room again. */
const FULL_MS = 1_500;

export interface StageOptions {
  /** Size of a disk for the work directory alone; absent: it is on the machine's. */
  readonly diskMb?: number;
}

/** The whole cluster over RabbitMQ; the agent is a process of its own with real containers, killed with SIGKILL. */
export class KillStage {
  private count = 0;
  /** Tasks whose ends are counted. */
  readonly launched: string[] = [];
  /** Operations, likewise. */
  readonly operations: string[] = [];
  private readonly cgroupsRoot = `tranche-kill-${process.pid}`;

  private constructor(
    readonly folder: string,
    private readonly control: ControlPlane,
    readonly agent: AgentProcess,
    readonly tasks: TaskWatcher,
    private readonly hasDisk: boolean,
  ) {}

  static async start({ diskMb }: StageOptions = {}): Promise<KillStage> {
    const folder = mkdtempSync(join(tmpdir(), 'tranche-kill-'));
    mkdirSync(join(folder, 'runs'));
    if (diskMb !== undefined) mountDisk(join(folder, 'agent'), diskMb);
    const brokerUrl = await amqpUrl();
    const control = await ControlPlane.start(brokerUrl);
    const agent = new AgentProcess({
      BROKER_URL: brokerUrl,
      // Executors come back to where it was.
      HTTP_PORT: String(await freePort()),
      AGENT_WORK_DIR: join(folder, 'agent'),
      AGENT_RUNTIME_DIR: join(folder, 'run'),
      AGENT_CGROUPS_ROOT: `tranche-kill-${process.pid}`,
      AGENT_RESOURCES: 'cpus:4;mem:2048;disk:1024',
      // On a busy machine, too.
      AGENT_EXECUTOR_REREGISTRATION_TIMEOUT_MS: '15000',
    });
    const roles = { roles: ['faults'], principal: 'faults' };
    const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }];
    const tasks = new TaskWatcher(control.url, { ...roles, capabilities });
    const stage = new KillStage(folder, control, agent, tasks, diskMb !== undefined);
    await agent.start();
    return stage;
  }

  async stop(): Promise<void> {
    await this.tasks.close();
    await this.agent.kill('SIGTERM');
    await this.control.stop();
    if (this.hasDisk) execFileSync('umount', ['--lazy', this.workDir]);
    rmSync(this.folder, { recursive: true, force: true });
    await removeCgroups(this.cgroupsRoot);
  }

  get workDir(): string {
    return join(this.folder, 'agent');
  }

  /** A name that nothing else on the stage has. */
  id(what: string): string {
    return `${this.count++}-${what}`;
  }

  /** Path of a file that a task adds to whenever it begins. */
  runs(id: string): string {
    return join(this.folder, 'runs', id);
  }

  timesRun(id: string): number {
    try {
      return readFileSync(this.runs(id), 'utf8').length;
    } catch {
      return 0;
    }
  }

  /** What an executor of `test/executors` has written down of its life. */
  eventsOf(executorId: string): string[] {
    const files = globSync(join(this.workDir, 'slaves/*/frameworks/*/executors', executorId, 'runs/*/events'));
    return files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  }

  /** Nothing happens but what belongs to the life. */
  noFault({ isStart }: Life): Fault {
    return {
      begin: async () => (isStart === true ? this.agent.start() : this.agent.forgetSteps()),
      overcome: async () => undefined,
    };
  }

  /** The agent dies at this step, and is started again. */
  deathAt(step: string, { isStart }: Life): Fault {
    return {
      begin: () => (isStart === true ? this.agent.start(step) : this.agent.arm(step)),
      overcome: async () => {
        await within(TO_A_STEP_MS, this.agent.died(), () => `the agent did not come to "${step}"\n${this.agent.log}`);
        await this.agent.start();
      },
    };
  }

  /** The agent's disk is full from this step on, for a while. */
  fullDiskAt(step: string): Fault {
    return {
      begin: () => this.agent.arm(step, 'fill'),
      overcome: async () => {
        await within(TO_A_STEP_MS, this.agent.filled(), () => `the agent did not come to "${step}"\n${this.agent.log}`);
        await delay(FULL_MS);
        this.makeRoom();
      },
    };
  }

  /** The agent's disk is full from this step on, it dies there, and is started while there is no room yet. */
  fullDiskAndDeathAt(step: string): Fault {
    return {
      begin: () => this.agent.arm(step, 'fill and die'),
      overcome: async () => {
        await within(TO_A_STEP_MS, this.agent.died(), () => `the agent did not come to "${step}"\n${this.agent.log}`);
        await this.agent.start();
        this.makeRoom();
      },
    };
  }

  private makeRoom(): void {
    rmSync(join(this.workDir, 'ballast'));
  }

  /** Settles when nothing of the lives before is under way any more, and a disk that was full is not so for the agent either. */
  async settled(): Promise<void> {
    if (this.hasDisk) await this.agent.hasRoom();
    let steps = -1;
    while (this.agent.stepsTaken !== steps) {
      steps = this.agent.stepsTaken;
      await delay(QUIET_MS);
    }
  }

  /** Folders of containers that are left. */
  containers(): Promise<string[]> {
    return readdir(join(this.folder, 'run', 'containers'));
  }

  /** Tasks and operations of which not exactly one end was told. */
  withoutOneEnd(): [id: string, ends: number][] {
    const tasks = this.launched.map((id): [string, number] => [id, this.tasks.ends(id).length]);
    const operations = this.operations.map((id): [string, number] => [id, this.tasks.operationEnds(id).length]);
    return [...tasks, ...operations].filter(([, count]) => count !== 1);
  }
}

async function within<T>(ms: number, promise: Promise<T>, otherwise: () => string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(otherwise())), ms);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

function mountDisk(folder: string, sizeMb: number): void {
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
