/** Stops a timer that has not run yet; harmless afterwards. */
export type CancelTimer = () => void;

/** Time, as use cases see it: moved by hand in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Runs something once that time has come; at once in a later turn when it is past. */
  at(atMs: number, run: () => void): CancelTimer;
}
