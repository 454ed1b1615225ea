import type { Client } from '../frameworks/framework.js';
import type { Role } from '../roles/role.js';
import type { Visit } from './visit.js';

/** What the two stages of a cycle do differently (allocation rules A40, A41). */
export interface Stage {
  /** Whether the role takes part. */
  isEligible(role: Role): boolean;
  /** Cuts the composed offer by the stage's rule (A39, test 6). @returns false when the client gets nothing by it */
  compose(visit: Visit, client: Client): boolean;
  /** The composed offer was made. Called before what is free is read anew. */
  hasGiven(visit: Visit): void;
}
