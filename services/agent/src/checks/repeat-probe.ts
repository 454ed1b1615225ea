import type { CancelTimer, TimerClock } from '@tranche/telemetry';
import type { CheckPlan } from './check-plan.js';
import type { Probe, ProbeResult } from './probe.port.js';

export interface RepeatedProbe {
  readonly containerId: string;
  readonly plan: CheckPlan;
  /** When the task began to run, milliseconds since the epoch: the first look is due its delay later. */
  readonly startedAtMs: number;
  /** Told each result, one after the other. */
  readonly onResult: (result: ProbeResult) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Looks at a task again and again: after the delay, and an interval after the end of each look. Begins where an agent before left off. */
export function repeatProbe(
  { containerId, plan, startedAtMs, onResult, signal }: RepeatedProbe,
  probe: Probe,
  clock: TimerClock,
): void {
  if (signal.aborted) return;
  const { target, pace } = plan;
  let cancel: CancelTimer = () => undefined;
  const look = async (): Promise<void> => {
    const result = await probe.run({ containerId, target, timeoutMs: pace.timeoutMs, signal });
    if (signal.aborted) return;
    if (result !== undefined) onResult(result);
    if (!signal.aborted) cancel = clock.after(pace.intervalMs, () => void look());
  };
  cancel = clock.after(Math.max(0, startedAtMs + pace.delayMs - clock.nowMs()), () => void look());
  signal.addEventListener('abort', () => cancel(), { once: true });
}
