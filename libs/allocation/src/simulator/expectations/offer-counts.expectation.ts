import { describe, listOf, readInteger, type Reader, tableOf } from '../parse/fields.js';
import { ScenarioFault } from '../scenario.errors.js';
import { difference, type Expectation } from './expectation.js';

/** How many offers frameworks have been made since the beginning. */
export const offerCountsExpectation: Expectation = {
  field: 'offerCounts',
  parse(value, path) {
    const expected = tableOf(readBounds)(value, path);
    return ({ simulation }) =>
      [...expected].flatMap(([id, [least, most]]) => {
        if (!simulation.seenFrameworks.has(id)) throw new ScenarioFault(`${path}.${id}`, 'unknown framework');
        const found = simulation.offerCounts.get(id) ?? 0;
        const shown = least === most ? least : `${least} to ${most}`;
        return difference(`offerCounts.${id}`, found >= least && found <= most, shown, found);
      });
  },
};

/** A number, or the least and the most. */
const readBounds: Reader<readonly [least: number, most: number]> = (value, path) => {
  if (!Array.isArray(value)) return readPair([value, value], path);
  return readPair(value, path);
};

function readPair(value: readonly unknown[], path: string): readonly [number, number] {
  const [least, most] = listOf(readInteger)(value, path);
  if (least === undefined || most === undefined || value.length !== 2 || least < 0 || most < least) {
    throw new ScenarioFault(path, `expected a count or [least, most], found ${value.map(describe).join(', ')}`);
  }
  return [least, most];
}
