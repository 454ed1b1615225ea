import type { Encoding } from './scheduler.js';
import type { Stage } from './stage.js';

/** One rule of the scheduler API's reference, and how it is seen to hold. */
export interface Rule {
  /** Section and row of the reference: `§2 row 7`. */
  readonly at: string;
  /** What holds, as a fact. */
  readonly says: string;
  /** For rules about one of the two encodings. */
  readonly only?: Encoding;
  /** Fails when the rule does not hold. */
  readonly check: (stage: Stage) => Promise<void>;
  /** Tranche does not do what the reference says: `check` then holds it to what it does instead, and this says why. */
  readonly differs?: string;
}

export const rule = (at: string, says: string, check: Rule['check']): Rule => ({ at, says, check });

export const ruleOf = (only: Encoding, at: string, says: string, check: Rule['check']): Rule => ({
  at,
  says,
  only,
  check,
});

/** A rule that does not hold yet. @param says what Tranche does instead, never in silence */
export const notYet = (at: string, says: string, differs: string, check: Rule['check']): Rule => ({
  at,
  says,
  differs,
  check,
});
