/** Where in a scenario something is wrong, and what. `parse` and steps throw it; who runs them adds the step. */
export class ScenarioFault extends Error {
  constructor(
    /** `accept.use`, `options.seed`, `steps`; empty for the scenario as a whole. */
    readonly path: string,
    readonly reason: string,
  ) {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.name = 'ScenarioFault';
  }
}

/** A scenario that cannot be run (further): its message is one line that names step and field. */
export class ScenarioError extends Error {
  readonly code = 'simulate/malformed';

  constructor(
    message: string,
    /** Index of the step, from 0; absent for faults outside of steps. */
    readonly step?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ScenarioError';
  }

  /** The fault as it is told to people: `step 3: accept.use: …`, or `options.seed: …`. */
  static from(fault: ScenarioFault, step?: number): ScenarioError {
    const message = fault.message.replaceAll(/\s*[\r\n]+\s*/g, ' ');
    return new ScenarioError(step === undefined ? message : `step ${step}: ${message}`, step, { cause: fault });
  }
}
