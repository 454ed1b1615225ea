import type { TaskStatus } from '@tranche/mesos-api';
import type { TimerClock } from '@tranche/telemetry';
import type { AgentSelf } from '../agent-self.js';
import type { Ledger } from '../checkpoint/ledger.js';
import type { Ids } from '../ids.port.js';
import { Resends } from '../updates/resends.js';
import { type AgentTask, taskKey } from './agent-task.js';
import { makeStatus, type StatusChange } from './status-change.js';

/** Brings an update on its way to the control plane. Never fails: what gets lost is sent again. */
export interface UpdateSender {
  send(task: AgentTask, status: TaskStatus): void;
  /** Tells of the newest status while older ones of the task wait for their acknowledgement. Told once. */
  note(task: AgentTask, status: TaskStatus): void;
}

/**
 * The task's way to be heard: per task its updates in order, each on disk before it is sent, one at a time, and again and again until
 * it is acknowledged.
 *
 * A framework that does not acknowledge must not keep the cluster from knowing how its tasks are: of a status that has to wait for its
 * turn the control plane is told beside it. Nothing is sent while the agent is not registered; `resume` then sends the oldest of each.
 */
export class StatusUpdates {
  private readonly resends: Resends;
  /** Updates on their way to the disk. */
  private readonly unsafe = new Set<string>();
  private paused = true;

  constructor(
    private readonly ledger: Ledger,
    private readonly sender: UpdateSender,
    private readonly self: AgentSelf,
    private readonly clock: TimerClock,
    private readonly ids: Ids,
    /** Told of every status that is made; may say more precisely why it is. */
    private readonly explain: (task: AgentTask, change: StatusChange) => StatusChange = (_task, change) => change,
    /** Told of every status as soon as the task has it. */
    private readonly observe: (task: AgentTask, status: TaskStatus) => void = () => undefined,
  ) {
    this.resends = new Resends(clock);
  }

  /**
   * Makes a status of a task known: in memory at once, then on disk, then to the framework.
   *
   * @returns when it is on disk. @throws CheckpointFailedError
   */
  async report(task: AgentTask, change: StatusChange): Promise<void> {
    const status = makeStatus(task, change, {
      agentId: this.ledger.state.agentId ?? '',
      ip: this.self.ip,
      nowMs: this.clock.nowMs(),
      uuid: this.ids.updateId(),
    });
    await this.forward(task, status);
  }

  /**
   * The same for a status that is complete already, an executor's.
   *
   * @returns when it is on disk. @throws CheckpointFailedError
   */
  async forward(task: AgentTask, made: TaskStatus): Promise<void> {
    const { frameworkId, taskId } = task;
    const status = { ...made, ...this.explain(task, made) };
    const uuid = status.uuid ?? '';
    this.unsafe.add(uuid);
    try {
      const safe = this.ledger.record({ kind: 'status', frameworkId, taskId, status });
      this.observe(task, status);
      await safe;
    } finally {
      this.unsafe.delete(uuid);
    }
    this.sendOldest(task);
    if (task.pending.at(-1)?.uuid === uuid) this.noteNewest(task);
  }

  /** The framework has the update. Anything but the one in flight is stale and ignored. */
  acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    const task = this.ledger.state.task(frameworkId, taskId);
    if (task === undefined || task.pending[0]?.uuid !== uuid) return;
    this.land(task);
    this.ledger.note({ kind: 'acknowledged', frameworkId, taskId, uuid });
    this.sendOldest(task);
  }

  /** The control plane listens (again): sends the oldest update of every task, or of one framework's, at once, and tells the newest. */
  resume(frameworkId?: string): void {
    if (frameworkId === undefined) this.paused = false;
    for (const task of this.ledger.state.tasks()) {
      if (frameworkId !== undefined && task.frameworkId !== frameworkId) continue;
      this.land(task);
      this.sendOldest(task);
      this.noteNewest(task);
    }
  }

  /** What was on its way may be lost: sends it again at once, if anything is sent at all. */
  repeat(): void {
    if (!this.paused) this.resume();
  }

  /** Sends every update that was not acknowledged, not only the oldest: before the agent goes for good there is no later. */
  flush(): void {
    for (const task of this.ledger.state.tasks()) {
      for (const status of task.pending) {
        if (status.uuid !== undefined && !this.unsafe.has(status.uuid)) this.sender.send(task, status);
      }
    }
  }

  /** Sends nothing until `resume`; what is made meanwhile waits on disk. */
  pause(): void {
    this.paused = true;
    this.resends.landAll();
  }

  /** Stops resending for the tasks of a framework that is gone. */
  forget(tasks: Iterable<AgentTask>): void {
    for (const task of tasks) this.land(task);
  }

  private noteNewest(task: AgentTask): void {
    const newest = task.pending.at(-1);
    if (this.paused || task.pending.length < 2 || newest?.uuid === undefined || this.unsafe.has(newest.uuid)) return;
    this.sender.note(task, newest);
  }

  private sendOldest(task: AgentTask): void {
    const [status] = task.pending;
    if (this.paused || status?.uuid === undefined || this.unsafe.has(status.uuid)) return;
    this.resends.launch(taskKey(task), status.uuid, () => this.sender.send(task, status));
  }

  private land(task: AgentTask): void {
    this.resends.land(taskKey(task));
  }
}
