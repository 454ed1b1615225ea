import type { InverseOffer } from '../engine.js';
import type { Offer } from './offer-book.js';
import type { Scenario, ScenarioStep } from './parse/parse-scenario.js';
import { ScenarioError, ScenarioFault } from './scenario.errors.js';
import { Simulation } from './simulation.js';
import { emptyRecord, joinRecords, type StepRecord } from './step-record.js';

/** What a step did. */
export interface ActionResult {
  readonly kind: 'action';
  readonly step: number;
  readonly verb: string;
  readonly subject: string;
  readonly note: string | undefined;
  /** Virtual time after the step. */
  readonly timeSeconds: number;
  readonly offers: readonly Offer[];
  readonly rescinds: readonly Offer[];
  readonly inverseOffers: readonly InverseOffer[];
  readonly refused: string | undefined;
}

/** Whether an expectation holds. */
export interface ExpectResult {
  readonly kind: 'expect';
  readonly step: number;
  readonly note: string | undefined;
  /** One text for each field, or part of it, that is other than expected. */
  readonly differences: readonly string[];
}

export type StepResult = ActionResult | ExpectResult;

/** How a run went as a whole. */
export interface RunSummary {
  readonly steps: number;
  readonly expectations: number;
  readonly failed: number;
}

/** A scenario that is being run, step by step. */
export class ScenarioRun {
  readonly simulation: Simulation;
  readonly #records: StepRecord[] = [];
  /** How many steps back any expectation looks: what is older is forgotten. */
  readonly #longestLook: number;
  #expectations = 0;
  #failed = 0;

  constructor(readonly scenario: Scenario) {
    this.simulation = new Simulation(scenario.options);
    this.#longestLook = scenario.steps.reduce(
      (most, step) => (step.kind === 'expect' ? Math.max(most, step.last) : most),
      1,
    );
  }

  /**
   * Runs the steps one after the other, as they are asked for.
   *
   * @throws ScenarioError naming step and field, at the first step that makes no sense in the state that was reached
   */
  *results(): Generator<StepResult, void> {
    for (const [index, step] of this.scenario.steps.entries()) {
      try {
        yield this.#run(step, index);
      } catch (error) {
        if (error instanceof ScenarioFault) throw ScenarioError.from(error, index);
        throw error;
      }
    }
  }

  get summary(): RunSummary {
    return { steps: this.scenario.steps.length, expectations: this.#expectations, failed: this.#failed };
  }

  #run(step: ScenarioStep, index: number): StepResult {
    const { simulation } = this;
    if (step.kind === 'expect') {
      const record = joinRecords(this.#records.slice(-step.last));
      const differences = step.checks.flatMap((check) => check({ simulation, record }));
      this.#expectations++;
      if (differences.length > 0) this.#failed++;
      return { kind: 'expect', step: index, note: step.note, differences };
    }
    simulation.record = emptyRecord();
    const refused = step.run(simulation) ?? undefined;
    simulation.runTriggered();
    const record = { ...simulation.record, ...(refused !== undefined && { refused }) };
    this.#records.push(record);
    if (this.#records.length > this.#longestLook) this.#records.shift();
    const { offers, rescinds, inverseOffers } = record;
    const { verb, subject, note } = step;
    const timeSeconds = simulation.clock.nowSeconds;
    return { kind: 'action', step: index, verb, subject, note, timeSeconds, offers, rescinds, inverseOffers, refused };
  }
}
