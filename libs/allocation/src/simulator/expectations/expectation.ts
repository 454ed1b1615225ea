import type { Reader } from '../parse/fields.js';
import type { Simulation } from '../simulation.js';
import type { StepRecord } from '../step-record.js';

/** What an expectation looks at: the state now, and what the preceding steps made happen. */
export interface Look {
  readonly simulation: Simulation;
  readonly record: StepRecord;
}

/** @returns a text for each thing that is other than expected; none when it holds */
export type Check = (look: Look) => string[];

/** One field of `expect`: how its value is read, and how it is checked. */
export interface Expectation {
  readonly field: string;
  readonly parse: Reader<Check>;
}

/** `shares.roles.a: expected 0.5, found 0.25`, or nothing when they are the same. */
export function difference(path: string, isSame: boolean, expected: Shown, found: Shown): string[] {
  return isSame ? [] : [`${path}: expected ${shown(expected)}, found ${shown(found)}`];
}

/** What can be shown as expected or found. */
type Shown = string | number | boolean | null | undefined | readonly string[];

function shown(value: Shown): string {
  if (value === undefined || value === null) return 'none';
  return (typeof value === 'object' ? value.join(', ') : String(value)) || 'nothing';
}

/** Whether two figures are the same within a millionth; `null` stands for a figure that is not there. */
export function isFigure(expected: number | null, found: number | undefined): boolean {
  if (expected === null || found === undefined) return expected === null && found === undefined;
  return Math.abs(expected - found) <= 1e-6;
}
