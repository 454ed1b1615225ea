import type { Fields } from '../scenario/fields.js';
import type { World } from '../world/world.js';

/** Runs a step. @throws ScenarioError for what only the state at that moment shows to be wrong */
export type RunStep = (world: World) => void;

/** One verb: reads its fields, and returns what is to be done with them. */
export interface Verb {
  readonly name: string;
  /** @throws ScenarioError for a missing or ill-typed field; unknown ones are found by the caller */
  read(fields: Fields): RunStep;
}
