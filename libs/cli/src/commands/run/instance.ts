import type { TaskView } from '@tranche/contracts';
import { formatSeconds } from '../../values/duration.js';
import { formatBytes } from '../../values/size.js';
import type { Attributes } from './constraints.js';
import type { TaskOutcome } from './task-outcome.js';

/** `resting`: ended, and to be started again after a while. */
export const INSTANCE_PHASES = ['waiting', 'starting', 'running', 'resting', 'ended'] as const;
export type InstancePhase = (typeof INSTANCE_PHASES)[number];

/** One of the instances that `run` keeps, over all of its attempts. */
export interface Instance {
  readonly index: number;
  readonly name: string;
  phase: InstancePhase;
  /** When this attempt began, milliseconds. */
  beganMs: number;
  /** From 1. */
  attempt: number;
  /** Of the current attempt, from its launch on. */
  taskId?: string;
  agentId?: string;
  hostname?: string;
  attributes?: Attributes;
  /** What its launch waits for, as far as that was told. */
  progress?: LaunchProgress | undefined;
  /** Of the last attempt that ended. */
  outcome?: TaskOutcome;
}

/** How far the launch of a task is. */
export type LaunchProgress = NonNullable<TaskView['progress']> & {
  /** When it was first told, and what had come by then: how fast the rest may come. */
  readonly sinceMs: number;
  readonly sinceBytes: number;
};

export function newInstance(index: number, name: string, nowMs: number): Instance {
  return { index, name, phase: 'waiting', beganMs: nowMs, attempt: 1 };
}

/** The phase in words: `running on n4 after 6.8 s`, `exit 3 after 0.1 s`. */
export function phaseText(instance: Instance, nowMs: number): string {
  const { phase, hostname, beganMs, outcome, attempt, progress } = instance;
  const after = `after ${formatSeconds(nowMs - beganMs)}`;
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  switch (phase) {
    case 'waiting':
      return `waiting for an offer${again}`;
    case 'starting':
      return `agent ${hostname ?? '?'} · ${progress === undefined ? 'starting' : progressText(progress, nowMs)}${again}`;
    case 'running':
      return `running on ${hostname ?? '?'} ${after}${again}`;
    case 'resting':
      return `${withAfter(outcome?.cause ?? 'ended', after)}, will be started again`;
    case 'ended':
      return outcome ? withAfter(outcome.cause, after) : 'not started';
  }
}

const BAR_WIDTH = 12;

/** `pulling ███████░░░░░ 61 %  38 MiB of 62 MiB  9 s left`; as much of it as is known. */
function progressText(
  { step, percent, doneBytes, totalBytes, sinceMs, sinceBytes }: LaunchProgress,
  nowMs: number,
): string {
  if (percent === undefined) return step;
  const filled = Math.round((percent / 100) * BAR_WIDTH);
  const bar = `${step} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${percent} %`;
  if (doneBytes === undefined || totalBytes === undefined || totalBytes === 0) return bar;
  const rate = (doneBytes - sinceBytes) / Math.max(1, nowMs - sinceMs);
  const left = rate > 0 ? `  ${Math.ceil((totalBytes - doneBytes) / rate / 1000)} s left` : '';
  return `${bar}  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}${left}`;
}

/** `exit 3 after 0.1 s`, `failed after 0.2 s: no such user`. */
function withAfter(cause: string, after: string): string {
  const colon = cause.indexOf(': ');
  return colon < 0 ? `${cause} ${after}` : `${cause.slice(0, colon)} ${after}${cause.slice(colon)}`;
}
