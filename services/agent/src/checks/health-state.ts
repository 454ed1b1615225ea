/** How a task has fared under its health check. */
export interface HealthState {
  /** Undefined until the first result that counts. */
  readonly healthy?: boolean;
  /** Counted failures since the last success. */
  readonly failures: number;
}

/** What is to be done after a look. */
export interface HealthVerdict {
  readonly state: HealthState;
  /** What the framework is to be told; absent when there is nothing new. */
  readonly tell?: boolean;
  /** The task has failed so often that it is to be ended. */
  readonly isFinal: boolean;
}

export interface HealthTerms {
  readonly graceMs: number;
  readonly maxFailures: number;
}

/**
 * The next state of a health check. Pure.
 *
 * Failures in the grace period are ignored until the first success, since a task may take its time to come up. After that every failure
 * is told and counted; a success is told when it is the first, at all or after failures.
 *
 * @param ageMs since the task began to run
 * @source scheduler API §11
 */
export function judgeHealth(state: HealthState, isSuccess: boolean, ageMs: number, terms: HealthTerms): HealthVerdict {
  if (isSuccess) {
    const next = { healthy: true, failures: 0 };
    return state.healthy === true ? { state: next, isFinal: false } : { state: next, tell: true, isFinal: false };
  }
  if (state.healthy === undefined && ageMs < terms.graceMs) return { state, isFinal: false };
  const failures = state.failures + 1;
  return { state: { healthy: false, failures }, tell: false, isFinal: failures >= terms.maxFailures };
}
