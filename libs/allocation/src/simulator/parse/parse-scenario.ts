import type { Check } from '../expectations/expectation.js';
import { EXPECTATIONS } from '../expectations/expectations.js';
import { ScenarioError, ScenarioFault } from '../scenario.errors.js';
import type { StepAction, VerbContext } from '../verbs/verb.js';
import { VERBS } from '../verbs/verbs.js';
import { describe, Fields, isObject, printable, readInteger, readText } from './fields.js';
import { parseOptions, type ScenarioOptions } from './parse-options.js';

/** Characters of a scenario at most: several times what the largest clusters need. */
export const MAX_SCENARIO_CHARACTERS = 64 * 2 ** 20;

/** A step that does something. */
export interface ActionStep {
  readonly kind: 'action';
  readonly verb: string;
  readonly note: string | undefined;
  /** What the step is about, for people: `a1`, `spark on a1`. */
  readonly subject: string;
  readonly run: StepAction;
}

/** A step that looks at what the last `last` steps did, expectations not counted. */
export interface ExpectStep {
  readonly kind: 'expect';
  readonly note: string | undefined;
  readonly last: number;
  readonly checks: readonly Check[];
}

export type ScenarioStep = ActionStep | ExpectStep;

export interface Scenario {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly options: ScenarioOptions;
  readonly steps: readonly ScenarioStep[];
}

/**
 * Reads a scenario.
 *
 * @param text JSON
 * @throws ScenarioError naming step and field, for every fault that can be found without running it
 */
export function parseScenario(text: string): Scenario {
  try {
    return readScenario(readJson(text));
  } catch (error) {
    if (error instanceof ScenarioFault) throw ScenarioError.from(error);
    throw error;
  }
}

function readJson(text: string): unknown {
  if (text.length > MAX_SCENARIO_CHARACTERS) {
    throw new ScenarioFault('', `scenario: ${text.length} characters are more than ${MAX_SCENARIO_CHARACTERS}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScenarioFault('', `scenario: not JSON: ${(error as Error).message}`);
  }
}

function readScenario(json: unknown): Scenario {
  if (!isObject(json)) throw new ScenarioFault('', `scenario: expected an object, found ${describe(json)}`);
  const fields = new Fields(json, '');
  const name = fields.optional('name', readText);
  const description = fields.optional('description', readText);
  const options = fields.optional('options', parseOptions) ?? parseOptions(undefined);
  const steps = fields.required('steps', (value, path) => {
    if (!Array.isArray(value)) throw new ScenarioFault(path, `expected a list, found ${describe(value)}`);
    return value.map((step, index) => readStepAt(step, index, { hasDomain: options.domain !== undefined }));
  });
  fields.end();
  return { name, description, options, steps };
}

function readStepAt(value: unknown, index: number, context: VerbContext): ScenarioStep {
  try {
    return readStep(value, context);
  } catch (error) {
    if (error instanceof ScenarioFault) throw ScenarioError.from(error, index);
    throw error;
  }
}

function readStep(value: unknown, context: VerbContext): ScenarioStep {
  if (!isObject(value)) throw new ScenarioFault('', `expected an object, found ${describe(value)}`);
  const note = Object.hasOwn(value, 'note') ? readText(value['note'], 'note') : undefined;
  const names = Object.keys(value).filter((name) => name !== 'note');
  const [name] = names;
  if (name === undefined) throw new ScenarioFault('', `expected one verb of ${verbNames()}`);
  const unknown = names.find((each) => each !== 'expect' && !VERBS.has(each));
  if (unknown !== undefined) throw new ScenarioFault(printable(unknown), `unknown verb; known are ${verbNames()}`);
  if (names.length > 1) throw new ScenarioFault('', `expected one verb, found ${names.join(', ')}`);
  const fields = new Fields(value[name], name);
  const step = name === 'expect' ? readExpect(fields, note) : readAction(fields, name, note, context);
  fields.end();
  return step;
}

function readAction(fields: Fields, verb: string, note: string | undefined, context: VerbContext): ActionStep {
  const run = VERBS.get(verb)?.parse(fields, context) as StepAction;
  return { kind: 'action', verb, note, subject: subjectOf(fields), run };
}

function readExpect(fields: Fields, note: string | undefined): ExpectStep {
  const last = fields.optional('last', readInteger) ?? 1;
  if (last < 1) throw fields.fault('last', `must be above zero, found ${last}`);
  const checks = EXPECTATIONS.map(({ field, parse }) => fields.optional(field, parse));
  return { kind: 'expect', note, last, checks: checks.filter((check) => check !== undefined) };
}

/** The ids among the fields: enough to tell one step from another. */
function subjectOf(fields: Fields): string {
  return ['framework', 'agent', 'id', 'role', 'seconds']
    .map((name) => fields.peek(name))
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' ');
}

function verbNames(): string {
  return [...VERBS.keys(), 'expect'].join(', ');
}
