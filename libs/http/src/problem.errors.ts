import type { Problem } from './problem.js';

/** A refusal of a `/v1` request: answered as `application/problem+json`. Not a defect; logged at info at most. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
  }

  get code(): string {
    return this.problem.code;
  }
}
