import { readScenario, type Scenario, type Step } from './scenario/scenario.js';
import { emptyOutcome, type Outcome } from './world/offer.js';
import { World } from './world/world.js';

/** What one step of a scenario brought about. */
export type StepReport =
  | {
      readonly kind: 'step';
      readonly index: number;
      readonly verb: string;
      readonly subject: string;
      readonly note: string | undefined;
      /** Virtual time after the step, in whole nanoseconds. */
      readonly timeNs: number;
      readonly outcome: Outcome;
    }
  | {
      readonly kind: 'expect';
      readonly index: number;
      readonly note: string | undefined;
      /** What differs from what was expected; empty when it holds. */
      readonly diff: readonly string[];
    };

/**
 * Replays a scenario against a fresh engine, step by step.
 *
 * @yields a report for each step, when it has run
 * @returns the world as the scenario leaves it
 * @throws ScenarioError when a step cannot be run; steps before it have been reported
 */
export function* runScenario(scenario: Scenario): Generator<StepReport, World> {
  const world = new World(scenario.options);
  for (const [index, step] of scenario.steps.entries()) yield runStep(world, step, index);
  return world;
}

/**
 * Reads and replays a scenario.
 *
 * @param json the scenario's text
 * @throws ScenarioError naming step and field: for faults of shape before the first report
 */
export function simulate(json: string): Generator<StepReport, World> {
  return runScenario(readScenario(json));
}

function runStep(world: World, { verb, subject, note, run }: Step, index: number): StepReport {
  world.place = `step ${index}: ${verb}`;
  if (verb === 'expect') {
    run(world);
    return { kind: 'expect', index, note, diff: world.diff };
  }
  world.outcome = emptyOutcome();
  run(world);
  world.history.push(world.outcome);
  return { kind: 'step', index, verb, subject, note, timeNs: world.nowNs, outcome: world.outcome };
}
