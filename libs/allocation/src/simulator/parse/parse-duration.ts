import { ScenarioFault } from '../scenario.errors.js';
import { readText, type Reader } from './fields.js';

const SECOND_NS = 1e9;

/** Nanoseconds of each unit that a duration may have. */
const UNITS_NS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['ms', 1e6],
  ['s', SECOND_NS],
  ...plural('sec', SECOND_NS),
  ...plural('min', 60 * SECOND_NS),
  ...plural('hr', 3600 * SECOND_NS),
  ...plural('day', 86_400 * SECOND_NS),
  ...plural('week', 604_800 * SECOND_NS),
]);

/** A duration such as `1s` or `10mins`, above zero, in whole nanoseconds. */
export const readDurationNs: Reader<number> = (value, path) => {
  const text = readText(value, path);
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const unitNs = UNITS_NS.get(unit ?? '');
  if (number === undefined || unitNs === undefined) {
    throw new ScenarioFault(
      path,
      `expected a duration, a number and one of ${[...UNITS_NS.keys()].join(' ')}, found ${JSON.stringify(text)}`,
    );
  }
  const ns = Math.round(Number(number) * unitNs);
  if (ns <= 0 || ns >= 2 ** 63) throw new ScenarioFault(path, `${text} is not between 1 ns and 292 years`);
  return ns;
};

function plural(unit: string, ns: number): [string, number][] {
  return [
    [unit, ns],
    [`${unit}s`, ns],
  ];
}
