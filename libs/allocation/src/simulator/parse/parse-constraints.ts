import type { OfferConstraint, OfferConstraintGroups } from '../../engine.js';
import { ConstraintTest, OfferConstraintError } from '../../frameworks/offer-constraints.js';
import { ScenarioFault } from '../scenario.errors.js';
import { type Fields, listOf, objectOf, oneOf, readBoolean, readId, readText, type Reader, tableOf } from './fields.js';
import { readRole } from './parse-values.js';

const PSEUDO_ATTRIBUTES = ['hostname', 'region', 'zone'] as const;
const MARKS = ['exists', 'notExists'] as const;
const COMPARISONS = ['equals', 'notEquals', 'matches', 'notMatches'] as const;

/**
 * Offer constraints by role: groups of which one must hold, each of constraints that must all hold.
 *
 * @source allocation rule A54
 */
export const readOfferConstraints: Reader<ReadonlyMap<string, OfferConstraintGroups>> = tableOf(readGroups, readRole);

function readGroups(value: unknown, path: string): OfferConstraintGroups {
  const groups = someOf(someOf(objectOf(readConstraint)))(value, path);
  try {
    // Compiled here only to find bad patterns before anything runs.
    new ConstraintTest(groups).forget(0);
  } catch (error) {
    if (error instanceof OfferConstraintError) throw new ScenarioFault(path, error.message);
    throw error;
  }
  return groups;
}

function readConstraint(fields: Fields): OfferConstraint {
  const attribute = fields.optional('attribute', readId);
  const pseudo = fields.optional('pseudo', oneOf(PSEUDO_ATTRIBUTES));
  if ((attribute === undefined) === (pseudo === undefined)) {
    throw new ScenarioFault(fields.path, 'expected one selector: attribute or pseudo');
  }
  const found = [
    ...MARKS.map((predicate) => ({ predicate, mark: fields.optional(predicate, readMark), operand: undefined })),
    ...COMPARISONS.map((predicate) => ({ predicate, mark: undefined, operand: fields.optional(predicate, readText) })),
  ].filter(({ mark, operand }) => mark !== undefined || operand !== undefined);
  const [only] = found;
  if (only === undefined || found.length !== 1) {
    throw new ScenarioFault(fields.path, `expected one predicate of ${[...MARKS, ...COMPARISONS].join(', ')}`);
  }
  const selector = attribute === undefined ? { pseudo: pseudo as (typeof PSEUDO_ATTRIBUTES)[number] } : { attribute };
  const { predicate, operand } = only;
  return operand === undefined ? { selector, predicate } : { selector, predicate, operand };
}

function readMark(value: unknown, path: string): true {
  if (!readBoolean(value, path)) throw new ScenarioFault(path, 'expected true');
  return true;
}

/** A list that is not empty. */
function someOf<T>(read: Reader<T>): Reader<T[]> {
  return (value, path) => {
    const list = listOf(read)(value, path);
    if (list.length === 0) throw new ScenarioFault(path, 'must not be empty');
    return list;
  };
}
