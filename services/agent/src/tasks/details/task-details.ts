import type { NoteTaskDetail } from '@tranche/contracts';
import type { TimerClock } from '@tranche/telemetry';
import type { PullProgress } from '../../images/pull-image.js';
import type { AgentTask } from '../agent-task.js';
import { LatestOnly } from './latest-only.js';

/** Tells the control plane of a task's progress at most this often. */
const PROGRESS_INTERVAL_MS = 500;

/** Brings a detail on its way. Never fails: what gets lost does no harm. */
export type SendDetail = (detail: NoteTaskDetail) => void;

/** Tells what no status says of tasks: how far a launch is, until when a sandbox stays. */
export class TaskDetails {
  private readonly launches = new Map<string, LatestOnly<NoteTaskDetail>>();

  constructor(
    private readonly agentId: () => string,
    private readonly clock: TimerClock,
    private readonly send: SendDetail,
  ) {}

  /** Whole percentages, rising; not each of them is passed on, but always the newest in the end. */
  progress(task: AgentTask, step: 'fetching' | 'pulling', percent: number, bytes?: PullProgress): void {
    const after = (delayMs: number, run: () => void) => this.clock.after(delayMs, run);
    const launch = this.launches.get(task.containerId) ?? new LatestOnly(PROGRESS_INTERVAL_MS, after, this.send);
    this.launches.set(task.containerId, launch);
    launch.take({ ...this.idsOf(task), progress: { step, percent, ...bytes } });
  }

  /** The launch is over, or this part of it. */
  settled(task: AgentTask): void {
    this.launches.get(task.containerId)?.stop();
    this.launches.delete(task.containerId);
  }

  sandboxUntil(task: Pick<AgentTask, 'frameworkId' | 'taskId' | 'containerId'>, sandboxUntilMs: number): void {
    this.send({ ...this.idsOf(task), sandboxUntilMs });
  }

  private idsOf({ frameworkId, taskId, containerId }: Pick<AgentTask, 'frameworkId' | 'taskId' | 'containerId'>) {
    return { agentId: this.agentId(), frameworkId, taskId, containerId };
  }
}
