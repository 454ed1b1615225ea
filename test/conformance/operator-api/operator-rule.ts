import type { OperatorStage } from './operator-stage.js';

/** One rule of the operator API's reference or of that of the classic endpoints, and how it is seen to hold. */
export interface OperatorRule {
  /** Section and call or endpoint of the reference: `§2.3 UPDATE_QUOTA`, `classic §2 /reserve`. */
  readonly at: string;
  /** What holds, as a fact. */
  readonly says: string;
  readonly check: (stage: OperatorStage) => Promise<void>;
  /** Tranche does not do what the reference says: `check` then holds it to what it does instead, and this says why. */
  readonly differs?: string;
}

export const rule = (at: string, says: string, check: OperatorRule['check'], differs?: string): OperatorRule => ({
  at,
  says,
  check,
  ...(differs === undefined ? {} : { differs }),
});
