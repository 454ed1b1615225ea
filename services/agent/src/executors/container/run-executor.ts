import type { Resource } from '@tranche/mesos-api';
import type { Logger, TimerClock } from '@tranche/telemetry';
import type { AgentCounts } from '../../agent-counts.js';
import type { AgentSelf } from '../../agent-self.js';
import type { Ledger } from '../../checkpoint/ledger.js';
import type { ContainerConfig } from '../../containerizer/container.js';
import type { ContainerCheckpoint, Containerizer } from '../../containerizer/containerizer.js';
import { terminalOf } from '../../containerizer/terminal/tty-info.js';
import { withImages } from '../../images/container-images.js';
import type { ProvideImages } from '../../images/provide-images.js';
import type { Sandboxes } from '../../sandbox/sandboxes.port.js';
import { argvOf } from '../../tasks/command/command-task.js';
import { sharedVolumes, volumesOf } from '../../tasks/command/task-volumes.js';
import type { LiveContainers } from '../../tasks/live-containers.js';
import type { RunContainerOptions } from '../../tasks/run-container.js';
import { isTerminal } from '../../tasks/task-state.js';
import { type AgentExecutor, isDefaultExecutor, userOfExecutor } from '../agent-executor.js';
import { durationText } from './duration-text.js';
import type { EndExecutor } from '../end-executor.js';
import { executorEnvironment } from './executor-environment.js';
import type { ExecutorTimers } from '../executor-timers.js';
import type { ResizeExecutor } from './resize-executor.js';
import type { ShutdownExecutor } from '../shutdown-executor.js';

/** What runs in the container of an executor that the agent plays: it holds the namespaces and cgroups that its tasks share. */
const PAUSE = ['sleep', 'infinity'] as const;

export interface RunExecutorParts {
  readonly ledger: Ledger;
  readonly containerizer: Containerizer;
  readonly sandboxes: Sandboxes;
  readonly live: LiveContainers;
  readonly timers: ExecutorTimers;
  readonly resize: ResizeExecutor;
  readonly end: EndExecutor;
  readonly shutdowns: ShutdownExecutor;
  readonly self: AgentSelf;
  readonly options: RunContainerOptions;
  readonly registrationTimeoutMs: number;
  readonly provideImages: ProvideImages;
  /** Fetches what the executor's command asks for, into its sandbox. */
  readonly fetchUris: (executor: AgentExecutor, config: ContainerConfig) => Promise<void>;
  /** What an executor that the agent plays does once its container runs. */
  readonly begin: (executor: AgentExecutor) => void;
  readonly counts: AgentCounts;
  readonly clock: TimerClock;
  readonly logger: Logger;
}

/**
 * Brings up the container of an executor: sandbox, blocked process, checkpoint, start.
 *
 * As with tasks, the process runs its first instruction only after its pid is on disk. From then on the executor has a limited time to
 * subscribe: waiting in a queue, pulling an image and fetching do not count.
 */
export class RunExecutor {
  constructor(private readonly parts: RunExecutorParts) {}

  /** @returns when it runs or has been answered for. @throws CheckpointFailedError */
  async run(executor: AgentExecutor): Promise<void> {
    this.parts.live.prepare(executor);
    try {
      if (!(await this.create(executor))) return await this.drop(executor);
      await this.start(executor);
    } catch (error) {
      await this.giveUp(executor, error as Error);
    }
  }

  /** Sees to it that an executor that runs subscribes in time, or is ended. */
  awaitSubscription(executor: AgentExecutor): void {
    const { timers, clock, registrationTimeoutMs, shutdowns } = this.parts;
    timers.set(executor.containerId, 'registration', clock.nowMs() + registrationTimeoutMs, () => {
      const message = `Executor did not register within ${durationText(registrationTimeoutMs)}`;
      // A failed write ends the agent by itself.
      shutdowns.shutdown(executor, 'not-registered', message).catch(() => undefined);
    });
  }

  /** @returns whether the blocked process is there and still wanted */
  private async create(executor: AgentExecutor): Promise<boolean> {
    const { ledger, containerizer } = this.parts;
    const plain = await this.configOf(executor);
    if (executor.shutdown !== undefined) return false;
    const { containerId, info } = executor;
    const images = await this.parts.provideImages({ containerId, container: info.container });
    let config: ContainerConfig;
    let container: ContainerCheckpoint;
    try {
      if (executor.shutdown !== undefined) return false;
      config = images === undefined ? plain : withImages(plain, info.command ?? {}, images);
      container = await containerizer.create(config);
    } finally {
      images?.release();
    }
    const { frameworkId, executorId } = executor;
    await ledger.record({ kind: 'executor-container', frameworkId, executorId, container });
    if (executor.shutdown === undefined) await this.parts.fetchUris(executor, config);
    return executor.shutdown === undefined;
  }

  private async start(executor: AgentExecutor): Promise<void> {
    const { live, containerizer, end, shutdowns, begin } = this.parts;
    live.starting(executor);
    await containerizer.start(executor.containerId);
    end.watch(executor);
    // One that came while the container was being started found nothing to end.
    if (executor.shutdown !== undefined) await shutdowns.resume(executor);
    else if (isDefaultExecutor(executor.info)) begin(executor);
    else this.awaitSubscription(executor);
  }

  /** The executor was to end while it was being brought up. */
  private async drop(executor: AgentExecutor): Promise<void> {
    await this.parts.end.settle(executor, {});
  }

  private async giveUp(executor: AgentExecutor, error: Error): Promise<void> {
    const { logger, shutdowns, end, counts } = this.parts;
    counts.launchErrors += 1;
    const { frameworkId, executorId, containerId } = executor;
    logger.info('executor could not be launched', { frameworkId, executorId, containerId, error });
    await shutdowns.shutdown(executor, 'not-launched', `Failed to launch container: ${error.message}`);
    await end.settle(executor, {});
  }

  private async configOf(executor: AgentExecutor): Promise<ContainerConfig> {
    const { ledger, sandboxes, options, resize, self } = this.parts;
    const { frameworkId, executorId, containerId, info } = executor;
    const framework = ledger.state.framework(frameworkId)?.info;
    if (framework === undefined) throw new Error('the executor has no framework');
    const user = options.switchUser ? userOfExecutor(executor, framework) : options.agentUser;
    const agentId = ledger.state.agentId ?? '';
    const sandbox = await sandboxes.make({ agentId, frameworkId, executorId, containerId, user });
    const { ip, port } = self;
    const { recoveryTimeoutMs } = options;
    const shutdownGraceMs = this.parts.shutdowns.graceMs(executor);
    const around = { agentId, ip, port, sandbox, recoveryTimeoutMs, shutdownGraceMs };
    const command = info.command ?? {};
    const tasks = ledger.state.tasksOf(executor);
    // Tasks of a group have their own containers; those of a process find their volumes in its sandbox.
    const resources = isDefaultExecutor(info) ? [] : [info, ...tasks.map((task) => task.info)].flatMap(resourcesOf);
    const others = [...ledger.state.tasks()].filter((task) => !tasks.includes(task) && !isTerminal(task.state));
    const inUse = sharedVolumes(others);
    const volumes = volumesOf({ ...info, resources }, { workDir: options.workDir, sandbox, inUse });
    return {
      id: containerId,
      args: isDefaultExecutor(info) ? PAUSE : argvOf(command),
      env: executorEnvironment({ frameworkId, executorId, command }, framework, {
        ...around,
        executorEnvironment: options.executorEnvironment,
      }),
      user,
      sandbox,
      limits: resize.limitsOf(executor),
      ...terminalOf(info.container),
      ...(volumes.length === 0 ? {} : { volumes }),
    };
  }
}

const resourcesOf = ({ resources }: { readonly resources?: readonly Resource[] }): readonly Resource[] =>
  resources ?? [];
