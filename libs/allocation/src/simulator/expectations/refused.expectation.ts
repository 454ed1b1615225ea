import { readBoolean } from '../parse/fields.js';
import { difference, type Expectation } from './expectation.js';

/** Whether one of the steps was refused. */
export const refusedExpectation: Expectation = {
  field: 'refused',
  parse(value, path) {
    const expected = readBoolean(value, path);
    return ({ record: { refused } }) =>
      difference('refused', expected === (refused !== undefined), expected, refused ?? false);
  },
};
