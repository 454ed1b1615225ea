import { UsageError } from '../../cli.errors.js';

/** Where an instance may go: agents with a value of an attribute, or each on another value. */
export type Constraint = { kind: 'equals'; attribute: string; value: string } | { kind: 'unique'; attribute: string };

/** Attributes of an agent; `hostname` counts as one. */
export type Attributes = Readonly<Record<string, string | number>>;

/**
 * Reads `zone=eu-1` or `rack:unique`.
 *
 * @throws UsageError
 */
export function parseConstraint(text: string): Constraint {
  const [, attribute, value] = /^([^=:]+)=(.+)$/.exec(text) ?? [];
  if (attribute !== undefined && value !== undefined) return { kind: 'equals', attribute, value };
  const [, unique] = /^([^=:]+):unique$/.exec(text) ?? [];
  if (unique !== undefined) return { kind: 'unique', attribute: unique };
  throw new UsageError(`where: "${text}" is not of the form ATTRIBUTE=VALUE or ATTRIBUTE:unique`);
}

/** The constraint as it was typed. */
export function constraintText(constraint: Constraint): string {
  return constraint.kind === 'equals'
    ? `${constraint.attribute}=${constraint.value}`
    : `${constraint.attribute}:unique`;
}

/**
 * Constraints that forbid an agent.
 *
 * @param taken attributes of the agents on which the other instances are
 * @returns empty when the agent will do
 */
export function violated(
  constraints: readonly Constraint[],
  agent: Attributes,
  taken: readonly Attributes[],
): Constraint[] {
  return constraints.filter((constraint) => {
    const value = agent[constraint.attribute];
    if (value === undefined) return true;
    if (constraint.kind === 'equals') return String(value) !== constraint.value;
    return taken.some((other) => String(other[constraint.attribute]) === String(value));
  });
}
