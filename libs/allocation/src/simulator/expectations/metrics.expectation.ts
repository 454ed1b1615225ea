import { orNull, readFinite, tableOf } from '../parse/fields.js';
import { difference, type Expectation, isFigure } from './expectation.js';

/** The allocator's published figures (allocation rule A82). */
export const metricsExpectation: Expectation = {
  field: 'metrics',
  parse(value, path) {
    const expected = tableOf(orNull(readFinite))(value, path);
    return ({ simulation }) => {
      const metrics = simulation.metrics();
      return [...expected].flatMap(([name, figure]) => {
        const found = metrics.get(name);
        return difference(`metrics.${name}`, isFigure(figure, found), figure, found);
      });
    };
  },
};
