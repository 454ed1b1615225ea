import type { Fields } from '../parse/fields.js';
import type { Simulation } from '../simulation.js';

/** What a verb's fields are read against. */
export interface VerbContext {
  /** Whether the cluster manager has a domain: only then agents may have one. */
  readonly hasDomain: boolean;
}

/**
 * Does a step's work.
 *
 * @returns why the step is refused; nothing when it is done
 * @throws ScenarioFault when the step makes no sense in the state that was reached
 */
export type StepAction = (simulation: Simulation) => string | void;

/** One thing that a step can do: how its fields are read, and what it does. */
export interface Verb {
  readonly name: string;
  /** @throws ScenarioFault for faults of shape, before anything runs */
  parse(fields: Fields, context: VerbContext): StepAction;
}
