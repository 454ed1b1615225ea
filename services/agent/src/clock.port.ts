/** Time as the agent's logic sees it; tests move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Calls `run` once after the delay unless cancelled; a delay below 0 is 0. */
  after(delayMs: number, run: () => void): CancelTimer;
}

export type CancelTimer = () => void;
