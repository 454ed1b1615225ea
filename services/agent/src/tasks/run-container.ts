import { dirname } from 'node:path';
import type { FrameworkInfo } from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import type { Logger } from '@tranche/telemetry';
import type { AgentCounts } from '../agent-counts.js';
import type { AgentSelf } from '../agent-self.js';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ContainerConfig } from '../containerizer/container.js';
import type { ContainerCheckpoint, Containerizer } from '../containerizer/containerizer.js';
import { terminalOf } from '../containerizer/terminal/tty-info.js';
import { isNestedTask } from '../executors/agent-executor.js';
import { withImages } from '../images/container-images.js';
import type { ProvidedImages } from '../images/container-images.js';
import { nestedConfig, userOfNested } from '../pods/nested-config.js';
import type { AgentTask } from './agent-task.js';
import { argvOf, userOf } from './command/command-task.js';
import type { LiveContainers } from './live-containers.js';
import type { Sandboxes } from '../sandbox/sandboxes.port.js';
import type { StatusUpdates } from './status-updates.js';
import { shutdownGraceMs, taskEnvironment } from './command/task-environment.js';
import { limitsOf } from './command/task-limits.js';
import { sharedVolumes, volumesOf } from './command/task-volumes.js';
import { isTerminal } from './task-state.js';

export interface RunContainerOptions {
  readonly enforceCpuRequest: boolean;
  readonly executorEnvironment: Readonly<Record<string, string>>;
  /** False: every task runs as the agent's own user. */
  readonly switchUser: boolean;
  /** Name of the agent's own user. */
  readonly agentUser: string;
  /** Persistent volumes are below it. */
  readonly workDir: string;
  /** From SHUTDOWN to the end by force, as executors are told. */
  readonly shutdownGraceMs: number;
  /** How long executors wait for an agent that is away. */
  readonly recoveryTimeoutMs: number;
}

/** What happens to a task once its process runs: it is watched to its end. */
export type Watch = (task: AgentTask) => void;

/**
 * Brings up the container of a task that was taken over: sandbox, blocked process, checkpoint, start.
 *
 * The process runs its first instruction only after its pid is on disk, so a crash at any point leaves either nothing of the task, or
 * something that recovery finds. A kill that comes before the start takes the task from here: what was made is removed.
 */
export class RunContainer {
  constructor(
    private readonly ledger: Ledger,
    private readonly containerizer: Containerizer,
    private readonly sandboxes: Sandboxes,
    private readonly updates: StatusUpdates,
    private readonly live: LiveContainers,
    private readonly settings: {
      readonly self: AgentSelf;
      readonly options: RunContainerOptions;
      /** Brings the image of the task's container, if it has one. */
      readonly provideImages: (task: AgentTask) => Promise<ProvidedImages | undefined>;
      /** Brings what the task's command names into its sandbox. */
      readonly fetchUris: (task: AgentTask, container: ContainerConfig) => Promise<void>;
      readonly watch: Watch;
      readonly counts: AgentCounts;
      readonly logger: Logger;
    },
  ) {}

  /** A launch has been asked for: what can be warmed up before its task is on disk, is. */
  anticipate(): void {
    this.containerizer.anticipate?.();
  }

  /** @returns when the task runs or has a terminal status. @throws CheckpointFailedError */
  async run(task: AgentTask): Promise<void> {
    if (await this.prepare(task)) await this.begin(task);
  }

  /**
   * The first half: the process is there, and blocked.
   *
   * @returns false for a task that has a terminal status. @throws CheckpointFailedError
   */
  async prepare(task: AgentTask): Promise<boolean> {
    if (isTerminal(task.state)) return false;
    this.live.prepare(task);
    try {
      return await this.create(task);
    } catch (error) {
      await this.giveUp(task, error as Error);
      return false;
    }
  }

  /** The second half, for a task that was prepared: takes it away again if it has ended since. @throws CheckpointFailedError */
  async begin(task: AgentTask): Promise<void> {
    if (this.live.phaseOf(task.containerId) !== 'preparing') return;
    if (isTerminal(task.state)) {
      await this.drop(task, true);
      return;
    }
    try {
      await this.start(task);
    } catch (error) {
      await this.giveUp(task, error as Error);
    }
  }

  /** @returns whether the blocked process is there and still wanted */
  private async create(task: AgentTask): Promise<boolean> {
    const plain = await this.configOf(task);
    const images = isTerminal(task.state) ? undefined : await this.settings.provideImages(task);
    try {
      if (isTerminal(task.state)) return await this.drop(task, false);
      const config = images === undefined ? plain : withImages(plain, task.info.command ?? {}, images);
      const container = await this.containerizer.create(config);
      return await this.created(task, config, container);
    } finally {
      images?.release();
    }
  }

  private async created(task: AgentTask, config: ContainerConfig, container: ContainerCheckpoint): Promise<boolean> {
    if (isTerminal(task.state)) return this.drop(task, true);
    const { frameworkId, taskId } = task;
    this.ledger.note({ kind: 'container', frameworkId, taskId, container });
    await this.updates.report(task, { state: 'TASK_STARTING', source: 'SOURCE_EXECUTOR' });
    if (!isTerminal(task.state)) await this.settings.fetchUris(task, config);
    return isTerminal(task.state) ? this.drop(task, true) : true;
  }

  private async start(task: AgentTask): Promise<void> {
    this.live.starting(task);
    await this.containerizer.start(task.containerId);
    // A kill that came meanwhile may have made it TASK_KILLING already.
    if (task.state === 'TASK_STARTING') {
      // Not waited for: the task runs whether the disk is fast or slow. A failed write ends the agent by itself.
      this.updates.report(task, { state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' }).catch(() => undefined);
    }
    this.live.running(task);
    this.settings.watch(task);
  }

  /** The task ended while it was being brought up. */
  private async drop(task: AgentTask, created: boolean): Promise<false> {
    if (created) await this.remove(task);
    this.live.ended(task);
    return false;
  }

  private async giveUp(task: AgentTask, error: Error): Promise<void> {
    this.settings.counts.launchErrors += 1;
    // The process may have begun before the error: it is ended before its resources are given away.
    await this.remove(task);
    if (!isTerminal(task.state)) {
      const source = 'SOURCE_AGENT';
      const message = `Failed to launch container: ${error.message}`;
      await this.updates.report(
        task,
        task.kill === undefined
          ? { state: 'TASK_FAILED', source, reason: 'REASON_CONTAINER_LAUNCH_FAILED', message }
          : { state: 'TASK_KILLED', source, reason: 'REASON_TASK_KILLED_DURING_LAUNCH', message },
      );
    }
    this.live.ended(task);
  }

  /** A failure must not keep the task without an answer; what is left over is removed when the agent starts the next time. */
  private async remove({ frameworkId, taskId, containerId }: AgentTask): Promise<void> {
    try {
      await this.containerizer.remove(containerId);
    } catch (error) {
      this.settings.logger.error('container could not be removed', { frameworkId, taskId, containerId, error });
    }
  }

  private async configOf(task: AgentTask): Promise<ContainerConfig> {
    const { self, options } = this.settings;
    const framework = this.ledger.state.framework(task.frameworkId);
    const { command } = task.info;
    if (framework === undefined || command === undefined) throw new Error('the task has no framework or no command');
    if (isNestedTask(task)) return this.nestedConfigOf(task, framework.info);
    const user = options.switchUser ? userOf(task.info, framework.info) : options.agentUser;
    const agentId = this.ledger.state.agentId ?? '';
    const { frameworkId, taskId: executorId, containerId } = task;
    const sandbox = await this.sandboxes.make({ agentId, frameworkId, executorId, containerId, user });
    const { executorEnvironment, recoveryTimeoutMs, workDir } = options;
    const volumes = volumesOf(task.info, { workDir, sandbox, inUse: this.volumesOfOthers(task) });
    return {
      id: task.containerId,
      args: argvOf(command),
      env: taskEnvironment(task, framework.info, {
        agentId,
        ip: self.ip,
        port: self.port,
        sandbox,
        executorEnvironment,
        shutdownGraceMs: shutdownGraceMs(task.info.kill_policy, options.shutdownGraceMs),
        recoveryTimeoutMs,
      }),
      user,
      sandbox,
      limits: limitsOf(task.info, options),
      ...terminalOf(task.info.container),
      ...(volumes.length === 0 ? {} : { volumes }),
    };
  }

  private volumesOfOthers(task: AgentTask): Resources {
    return sharedVolumes([...this.ledger.state.tasks()].filter((other) => other !== task && !isTerminal(other.state)));
  }

  private async nestedConfigOf(task: AgentTask, framework: FrameworkInfo): Promise<ContainerConfig> {
    const { self, options } = this.settings;
    const { frameworkId, taskId, executorId = '', executorContainerId: containerId = '' } = task;
    const executor = this.ledger.state.executor(frameworkId, executorId);
    if (executor === undefined) throw new Error('the executor of the task has ended');
    const user = options.switchUser ? userOfNested(task, executor, framework) : options.agentUser;
    const agentId = this.ledger.state.agentId ?? '';
    const run = { agentId, frameworkId, executorId, containerId };
    const sandbox = await this.sandboxes.makeNested({ ...run, taskId, nestedId: task.containerId, user });
    const { enforceCpuRequest, workDir } = options;
    const parentSandbox = dirname(dirname(sandbox));
    const inUse = this.volumesOfOthers(task);
    const volumes = volumesOf(task.info, { workDir, sandbox, parentSandbox, inUse });
    return nestedConfig(task, { executor, ip: self.ip, sandbox, user, enforceCpuRequest, volumes });
  }
}
