import { FakeClock, silentLogger } from '@tranche/telemetry';
import type { LaunchTasks } from '@tranche/contracts';
import type { FrameworkInfo, TaskInfo, TaskStatus } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { AgentCounts } from '../agent-counts.js';
import type { AgentSelf } from '../agent-self.js';
import { AgentState } from '../checkpoint/agent-state.js';
import { MemoryCheckpoint } from '../checkpoint/checkpoint.memory.js';
import type { CheckpointStore } from '../checkpoint/checkpoint.port.js';
import { Ledger } from '../checkpoint/ledger.js';
import { RecoverAgent } from '../checkpoint/recover-agent.js';
import { DrainAgent } from '../draining/drain-agent.js';
import { composeExecutors, type ExecutorParts } from '../executors/compose-executors.js';
import { FakeIds } from './fake-ids.js';
import type { ProvidedImages } from '../images/container-images.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { Capacity } from '../tasks/capacity.js';
import { FakeContainerizer, type FakeNode } from './fake-containerizer.js';
import { KillTask } from '../tasks/kill-task.js';
import { LaunchTask } from '../tasks/launch-task.js';
import { Limiter } from '../tasks/limiter.js';
import type { LaunchConditions } from '../tasks/refuse-task.js';
import { LiveContainers } from '../tasks/live-containers.js';
import { RunContainer, type RunContainerOptions } from '../tasks/run-container.js';
import type { Sandboxes } from '../sandbox/sandboxes.port.js';
import { ShutdownFramework } from '../tasks/shutdown-framework.js';
import { StatusUpdates, type UpdateSender } from '../tasks/status-updates.js';
import { frameworkInfo, taskInfo } from './task.builder.js';
import { WatchTask } from '../tasks/watch-task.js';

const OPTIONS: RunContainerOptions = {
  ...{ enforceCpuRequest: false, executorEnvironment: {}, switchUser: true, agentUser: 'me', workDir: '/work-dir' },
  ...{ shutdownGraceMs: 5_000, recoveryTimeoutMs: 900_000 },
};

export interface TaskWorldOptions {
  readonly node?: FakeNode;
  readonly state?: AgentState;
  readonly store?: CheckpointStore;
  readonly ids?: FakeIds;
}

/** For tests: the agent's task logic, whole, over fakes: everything but the node, the disk, time and the network. */
export class TaskWorld {
  readonly clock = new FakeClock();
  readonly ids: FakeIds;
  readonly checkpoint = new MemoryCheckpoint();
  readonly containerizer: FakeContainerizer;
  readonly ledger: Ledger;
  readonly capacity = new Capacity({ total: Resources.parse('cpus:4;mem:1024;ports:[31000-31009]') });
  readonly live = new LiveContainers();
  /** Every update that was sent, resent ones again. */
  readonly sent: TaskStatus[] = [];
  /** Every newest status that was told while older ones waited. */
  readonly noted: TaskStatus[] = [];
  readonly self: AgentSelf = { hostname: 'h', ip: '10.0.0.7', port: 5051, version: '0', startedAtMs: 0 };
  /** Executors whose end was told, with their wait statuses. */
  readonly endedExecutors: { readonly executorId: string; readonly status: number }[] = [];
  /** Messages of executors that were passed on. */
  readonly messages: { readonly executorId: string; readonly data: string }[] = [];
  readonly updates: StatusUpdates;
  readonly executors: ExecutorParts;
  readonly killer: KillTask;
  readonly watcher: WatchTask;
  readonly launcher: LaunchTask;
  readonly frameworks: ShutdownFramework;
  readonly drain: DrainAgent;
  readonly counts = new AgentCounts();
  /** What the registry was told. */
  readonly told: unknown[] = [];
  readonly recovery: RecoverAgent;
  takesTasks = true;
  mayRunAs: LaunchConditions['mayRunAs'] = () => true;
  /** What else is begun when a task runs, or is found again. */
  onWatch: (task: AgentTask) => void = () => undefined;
  /** What the fetch of a task's URIs does. */
  fetching: (task: AgentTask) => Promise<void> = async () => undefined;

  /** What brings a task's image. */
  providing: (task: AgentTask) => Promise<ProvidedImages | undefined> = async () => undefined;

  constructor(options: TaskWorldOptions = {}) {
    const { state = new AgentState(), store = this.checkpoint } = options;
    this.ids = options.ids ?? new FakeIds();
    this.containerizer = new FakeContainerizer(options.node);
    const { clock, ids, containerizer, live, self, capacity } = this;
    this.ledger = new Ledger(state, store);
    if (state.agentId === undefined) this.ledger.note({ kind: 'agent', agentId: 'S0' });
    const sender: UpdateSender = {
      send: (_task, status) => this.sent.push(status),
      note: (_task, status) => this.noted.push(status),
    };
    this.updates = new StatusUpdates(
      ...([this.ledger, sender, self, clock, ids] as const),
      (task, change) => this.drain.explain(task, change),
      (task, status) => {
        this.counts.validStatusUpdates += 1;
        this.executors.observe(task, status);
      },
    );
    this.killer = new KillTask(this.ledger, containerizer, this.updates, live, clock, silentLogger);
    this.drain = this.makeDrain(state);
    this.watcher = new WatchTask(containerizer, this.updates, this.killer, live, new Limiter(4), silentLogger);
    const sandboxes: Sandboxes = {
      make: async ({ containerId }) => `/sandbox/${containerId}`,
      makeNested: async ({ containerId, nestedId }) => `/sandbox/${containerId}/containers/${nestedId}`,
      makeAt: async () => undefined,
      removeAt: async () => undefined,
    };
    const watch = (task: AgentTask): void => {
      this.watcher.watch(task);
      this.onWatch(task);
    };
    const containers = new RunContainer(this.ledger, containerizer, sandboxes, this.updates, live, {
      self,
      watch,
      fetchUris: (task) => this.fetching(task),
      provideImages: (task) => this.providing(task),
      counts: this.counts,
      logger: silentLogger,
      options: OPTIONS,
    });
    const launches = new Limiter(4);
    this.executors = this.composeExecutors(sandboxes, containers, launches);
    this.launcher = new LaunchTask(this.ledger, capacity, this.updates, containers, this.executors.launcher, {
      launches,
      isDraining: () => this.drain.isDraining,
      takesTasks: () => this.takesTasks,
      mayRunAs: (...asked) => this.mayRunAs(...asked),
      clock,
      ids,
      logger: silentLogger,
    });
    this.frameworks = new ShutdownFramework(this.ledger, this.killer, this.executors.shutdowns, this.updates);
    const { ledger, updates, executors } = this;
    const found = [ledger, containerizer, updates, capacity, watch, executors.recovery, silentLogger, 'b'] as const;
    this.recovery = new RecoverAgent(...found);
    this.updates.resume();
  }

  private makeDrain(state: AgentState): DrainAgent {
    const bus = {
      send: async (_contract: unknown, _queue: unknown, items: readonly unknown[]) => void this.told.push(...items),
    };
    return new DrainAgent(
      this.ledger,
      { kill: (...args) => this.executors.kills.kill(...args) },
      bus,
      this.clock,
      () => state.isEmpty,
      () => this.executors.endIdle(),
      silentLogger,
    );
  }

  private composeExecutors(sandboxes: Sandboxes, containers: RunContainer, launches: Limiter): ExecutorParts {
    const { clock, ids, containerizer, live, self, capacity } = this;
    return composeExecutors({
      ...{ ledger: this.ledger, containerizer, sandboxes, updates: this.updates, capacity, live, killer: this.killer },
      ...{ containers, launches, cleanups: new Limiter(4), self, options: OPTIONS, clock, ids, logger: silentLogger },
      sender: {
        ended: async ({ executorId }, status) => void this.endedExecutors.push({ executorId, status }),
        message: ({ executorId }, data) => void this.messages.push({ executorId, data }),
      },
      fetchUris: async () => undefined,
      provideImages: async () => undefined,
      counts: this.counts,
      agentInfo: () => ({ hostname: 'h', port: 5051, id: { value: 'S0' } }),
      takesTasks: () => this.takesTasks,
      isDraining: () => this.drain.isDraining,
      mayRunAs: (...asked) => this.mayRunAs(...asked),
      isStopping: () => false,
      registrationTimeoutMs: 60_000,
      reregistrationTimeoutMs: 2_000,
    });
  }

  /** Launches one task of framework F by a message of its own. */
  launch(task: Partial<TaskInfo> = {}, more: { framework?: FrameworkInfo; messageId?: string } = {}): Promise<void> {
    const { framework = frameworkInfo(), messageId = this.ids.uuid() } = more;
    return this.launcher.launch([launchOf(task, framework)], messageId);
  }

  task(taskId = 't1'): AgentTask {
    const task = this.ledger.state.task('F', taskId) ?? this.completed(taskId);
    if (task === undefined) throw new Error(`no task ${taskId}`);
    return task;
  }

  completed(taskId = 't1'): AgentTask | undefined {
    return this.ledger.state.framework('F')?.completed.findLast((task) => task.taskId === taskId);
  }

  /** Acknowledges the oldest update of a task. */
  acknowledge(taskId = 't1'): void {
    this.updates.acknowledge('F', taskId, this.task(taskId).pending[0]?.uuid ?? '');
  }

  /** States of the updates sent so far. */
  get states(): (string | undefined)[] {
    return this.sent.map(({ state }) => state);
  }
}

export const launchOf = (task: Partial<TaskInfo> = {}, framework = frameworkInfo()): LaunchTasks => ({
  agentId: 'S0',
  frameworkId: 'F',
  framework,
  task: taskInfo(task),
  role: 'dev',
  traceId: 'a'.repeat(32),
});
