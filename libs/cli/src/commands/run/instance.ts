import { formatSeconds } from '../../values/duration.js';
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
  /** Of the last attempt that ended. */
  outcome?: TaskOutcome;
}

export function newInstance(index: number, name: string, nowMs: number): Instance {
  return { index, name, phase: 'waiting', beganMs: nowMs, attempt: 1 };
}

/** The phase in words: `running on n4 after 6.8 s`, `exit 3 after 0.1 s`. */
export function phaseText({ phase, hostname, beganMs, outcome, attempt }: Instance, nowMs: number): string {
  const after = `after ${formatSeconds(nowMs - beganMs)}`;
  const again = attempt > 1 ? ` (attempt ${attempt})` : '';
  switch (phase) {
    case 'waiting':
      return `waiting for an offer${again}`;
    case 'starting':
      return `agent ${hostname ?? '?'} · starting${again}`;
    case 'running':
      return `running on ${hostname ?? '?'} ${after}${again}`;
    case 'resting':
      return `${withAfter(outcome?.cause ?? 'ended', after)}, will be started again`;
    case 'ended':
      return outcome ? withAfter(outcome.cause, after) : 'not started';
  }
}

/** `exit 3 after 0.1 s`, `failed after 0.2 s: no such user`. */
function withAfter(cause: string, after: string): string {
  const colon = cause.indexOf(': ');
  return colon < 0 ? `${cause} ${after}` : `${cause.slice(0, colon)} ${after}${cause.slice(colon)}`;
}
