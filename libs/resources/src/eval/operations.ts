import { roleAncestors, roleError, isStrictSubrole } from '../reservations/role.js';
import type { ResourceJson } from '../json/resource-json.js';
import { collect, readAgentResources, readResources } from '../operand.js';
import { Limits } from '../quantities/limits.js';
import { Quantities } from '../quantities/quantities.js';
import { ResourceError } from '../resource.errors.js';
import type { Resources } from '../resources.js';
import { sortItems } from '../values/item-set.js';

/** What an operation adds to its answer. */
export type EvalResult =
  | { readonly text: string; readonly json?: ResourceJson[] }
  | { readonly value: boolean }
  | { readonly ancestors: string[] };

/** One operation: its operands as they came, undefined where missing. */
type Operation = (a: unknown, b: unknown) => EvalResult;

/** The operations of `tranche resources eval` by name. A further one is a further line. */
export const EVAL_OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['parse', (a) => both(resources(a))],
  ['parseFlag', (a) => both(readAgentResources(text(a, 'a')))],
  ['add', (a, b) => both(sum(resources(a), resources(b, 'b')))],
  ['subtract', (a, b) => both(resources(a).minus(resources(b, 'b')))],
  ['contains', (a, b) => ({ value: resources(a).contains(resources(b, 'b')) })],
  ['equals', (a, b) => ({ value: resources(a).equals(resources(b, 'b')) })],
  ['quantities', (a) => ({ text: resources(a).quantities().toText() })],
  ['containsQuantities', (a, b) => ({ value: resources(a).quantities().contains(quantities(b, 'b')) })],
  ['shrink', (a, b) => ({ text: resources(a).cutToQuantities(quantities(b, 'b'), 'stored').toText() })],
  ['limit', (a, b) => ({ text: resources(a).cutToLimits(limits(b, 'b'), 'stored').toText() })],
  ['allocatableTo', (a, b) => ({ text: resources(a).allocatableTo(role(b, 'b')).toText() })],
  [
    'reserved',
    (a, b) => ({
      text: resources(a)
        .reserved(isGiven(b) ? role(b, 'b') : undefined)
        .toText(),
    }),
  ],
  ['unreserved', (a) => ({ text: resources(a).unreserved().toText() })],
  ['quantitiesAdd', (a, b) => ({ text: quantities(a).plus(quantities(b, 'b')).toText() })],
  ['quantitiesSubtract', (a, b) => ({ text: quantities(a).minus(quantities(b, 'b')).toText() })],
  ['quantitiesContain', (a, b) => ({ value: quantities(a).contains(quantities(b, 'b')) })],
  ['limitsSubtract', (a, b) => ({ text: limits(a).minus(quantities(b, 'b')).toText() })],
  ['limitsContain', (a, b) => ({ value: limits(a).contains(quantities(b, 'b')) })],
  ['role', (a) => ({ ancestors: roleAncestors(role(a)) })],
  ['subrole', (a, b) => ({ value: isStrictSubrole(role(a), role(b, 'b')) })],
]);

function both(result: Resources): EvalResult {
  const canonical = result.canonical();
  return { text: canonical.toText(), json: canonical.toJson().map(answerDocument) };
}

/** The sum must be a collection too, so a name keeps one kind (allocation rule A1). */
function sum(a: Resources, b: Resources): Resources {
  collect([...a, ...b]);
  return a.plus(b);
}

/** Set items in byte order; the allocation role is no part of the answer. */
function answerDocument(json: ResourceJson): ResourceJson {
  const set = json.set && { item: [...sortItems(json.set.item ?? [])] };
  return { ...json, ...(set && { set }), allocation_info: undefined };
}

function resources(operand: unknown, name = 'a'): Resources {
  return read(operand, name, readResources);
}

function quantities(operand: unknown, name = 'a'): Quantities {
  return Quantities.parse(text(operand, name));
}

function limits(operand: unknown, name = 'a'): Limits {
  return Limits.parse(text(operand, name));
}

function role(operand: unknown, name = 'a'): string {
  const role = text(operand, name);
  const error = roleError(role);
  if (error !== undefined) throw new ResourceError('resources/invalid', error);
  return role;
}

function text(operand: unknown, name = 'a'): string {
  return read(operand, name, (given) => {
    if (typeof given !== 'string') throw new ResourceError('resources/bad-json', `operand ${name}: expected a text`);
    return given;
  });
}

function read<T>(operand: unknown, name: string, reader: (operand: unknown) => T): T {
  if (!isGiven(operand)) throw new ResourceError('resources/bad-json', `operand ${name} is missing`);
  return reader(operand);
}

function isGiven(operand: unknown): boolean {
  return operand !== undefined && operand !== null;
}
