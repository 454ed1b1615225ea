import { VERBS } from '../verbs/verbs.js';
import type { RunStep } from '../verbs/verb.js';
import { Fields, listOf, type Read } from './fields.js';
import { readOptions, type ScenarioOptions } from './options.js';
import { ScenarioError } from './scenario.errors.js';
import { text } from './values.js';

/** One step, read and ready to run. */
export interface Step {
  readonly verb: string;
  /** Whom or what it is about, for people: `f1 a2`. */
  readonly subject: string;
  readonly note: string | undefined;
  readonly run: RunStep;
}

/** A scenario whose shape is right. Faults that depend on the state show when a step runs. */
export interface Scenario {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly options: ScenarioOptions;
  readonly steps: readonly Step[];
}

/** Longest scenario that is read, in characters. Larger files are machine output gone wrong. */
export const MAX_SCENARIO_LENGTH = 64 * 1024 * 1024;

/**
 * Reads a scenario and checks its whole shape before anything runs.
 *
 * @throws ScenarioError naming step and field
 */
export function readScenario(json: string): Scenario {
  if (json.length > MAX_SCENARIO_LENGTH) {
    throw new ScenarioError('', `the scenario has ${json.length} characters, more than ${MAX_SCENARIO_LENGTH}`);
  }
  const fields = new Fields(parseJson(json), '');
  const scenario = {
    name: fields.optional('name', text),
    description: fields.optional('description', text),
    options: readOptions(fields.optional('options', (value) => value)),
    steps: fields
      .required(
        'steps',
        listOf((value) => value),
      )
      .map(readStep),
  };
  fields.done();
  return scenario;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    // A parser that runs out of stack on deep nesting is bad input too, not a defect.
    throw new ScenarioError('', `the scenario is no JSON: ${(cause as Error).message}`, { cause });
  }
}

function readStep(value: unknown, index: number): Step {
  const place = `step ${index}`;
  const fields = new Fields(value, place);
  const note = fields.has('note')
    ? text(
        fields.required('note', (raw) => raw),
        `${place}: note`,
      )
    : undefined;
  const [name, ...more] = fields.names().filter((each) => each !== 'note');
  if (name === undefined) throw new ScenarioError(place, 'has no verb');
  const verb = VERBS.get(name);
  if (verb === undefined) throw new ScenarioError(`${place}: ${name}`, 'unknown verb');
  if (more[0] !== undefined) throw new ScenarioError(`${place}: ${more[0]}`, 'a step has one verb only');
  const readFields: Read<Fields> = (raw) => new Fields(raw, `${place}: ${name}`);
  const own = fields.required(name, readFields);
  const run = verb.read(own);
  own.done();
  return { verb: name, subject: subjectOf(own), note, run };
}

/** Names that tell a reader which of several like steps this is. */
const SUBJECT_FIELDS = ['framework', 'id', 'role', 'agent', 'seconds'];

function subjectOf(fields: Fields): string {
  return SUBJECT_FIELDS.map((name) => fields.peek(name))
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' ');
}
