import type { OfferConstraint, OfferConstraintGroups } from '../../engine.js';
import { type Fields, listOf, mapOf, objectOf, type Read } from './fields.js';
import { ScenarioError } from './scenario.errors.js';
import { boolean, id, oneOf, role, text } from './values.js';

const PREDICATES = ['exists', 'notExists', 'equals', 'notEquals', 'matches', 'notMatches'] as const;

/** `{role: [[constraint, …], …]}`: outer lists are alternatives, inner ones must hold together (allocation rule A54). */
export const offerConstraints: Read<Record<string, OfferConstraintGroups>> = (value, place) => {
  const groups = nonEmpty(listOf(nonEmpty(listOf(objectOf(readConstraint)))));
  return Object.fromEntries(mapOf(groups, role)(value, place));
};

function readConstraint(fields: Fields): OfferConstraint {
  const attribute = fields.optional('attribute', id);
  const pseudo = fields.optional('pseudo', oneOf('hostname', 'region', 'zone'));
  if ((attribute === undefined) === (pseudo === undefined)) {
    throw new ScenarioError(fields.place, 'must have exactly one of attribute and pseudo');
  }
  const given = PREDICATES.filter((name) => fields.has(name));
  const [predicate] = given;
  if (predicate === undefined || given.length > 1) {
    throw new ScenarioError(fields.place, `must have exactly one of ${PREDICATES.join(', ')}`);
  }
  return {
    selector: pseudo === undefined ? { attribute: attribute as string } : { pseudo },
    predicate,
    operand: readOperand(fields, predicate),
  };
}

function readOperand(fields: Fields, predicate: OfferConstraint['predicate']): string | undefined {
  if (predicate === 'exists' || predicate === 'notExists') {
    if (!fields.required(predicate, boolean)) throw new ScenarioError(`${fields.place}.${predicate}`, 'must be true');
    return undefined;
  }
  const operand = fields.required(predicate, text);
  if (predicate === 'matches' || predicate === 'notMatches') checkPattern(operand, `${fields.place}.${predicate}`);
  return operand;
}

function checkPattern(pattern: string, place: string): void {
  try {
    RegExp(pattern, 'u');
  } catch (cause) {
    throw new ScenarioError(place, `${pattern} is no valid pattern`, { cause });
  }
}

function nonEmpty<T>(read: Read<T[]>): Read<T[]> {
  return (value, place) => {
    const list = read(value, place);
    if (list.length === 0) throw new ScenarioError(place, 'must not be empty');
    return list;
  };
}
