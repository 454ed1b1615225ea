/**
 * A scenario that cannot be run as it is written: exit code 2 of `tranche simulate`.
 *
 * The message names step and field: `step 3: accept.use: more than is offered`, `options.seed: …`.
 */
export class ScenarioError extends Error {
  readonly code = 'simulate/malformed';

  constructor(
    /** Step and field, without the final colon; empty when the file as a whole is meant. */
    readonly place: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(place === '' ? problem : `${place}: ${problem}`, options);
    this.name = 'ScenarioError';
  }
}
