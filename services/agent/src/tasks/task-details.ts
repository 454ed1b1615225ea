import type { NoteTaskDetail } from '@tranche/contracts';
import type { Clock } from '@tranche/telemetry';
import type { AgentTask } from './agent-task.js';

/** Tells the control plane of a task's progress at most this often. */
const PROGRESS_INTERVAL_MS = 500;

/** Brings a detail on its way. Never fails: what gets lost does no harm. */
export type SendDetail = (detail: NoteTaskDetail) => void;

/** Tells what no status says of tasks: how far a launch is, until when a sandbox stays. */
export class TaskDetails {
  private readonly toldAtMs = new Map<string, number>();

  constructor(
    private readonly agentId: () => string,
    private readonly clock: Clock,
    private readonly send: SendDetail,
  ) {}

  /** Whole percentages, rising; not each of them is passed on. */
  progress(task: AgentTask, step: 'fetching' | 'pulling', percent: number): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - (this.toldAtMs.get(task.containerId) ?? 0) < PROGRESS_INTERVAL_MS) return;
    this.toldAtMs.set(task.containerId, nowMs);
    this.send({ ...this.idsOf(task), progress: { step, percent } });
  }

  /** The launch is over, or this part of it. */
  settled(task: AgentTask): void {
    this.toldAtMs.delete(task.containerId);
  }

  sandboxUntil(task: Pick<AgentTask, 'frameworkId' | 'taskId' | 'containerId'>, sandboxUntilMs: number): void {
    this.send({ ...this.idsOf(task), sandboxUntilMs });
  }

  private idsOf({ frameworkId, taskId, containerId }: Pick<AgentTask, 'frameworkId' | 'taskId' | 'containerId'>) {
    return { agentId: this.agentId(), frameworkId, taskId, containerId };
  }
}
