import { describe, expect, it } from 'vitest';
import { parseWeights } from './parse-weights.js';

describe('parseWeights', () => {
  it('reads a list of weights', () => {
    expect(parseWeights('[{"role":"dev","weight":2.5},{"role":" a/b ","weight":"3"}]')).toEqual({
      ok: true,
      weights: [
        { role: 'dev', weight: 2.5 },
        { role: 'a/b', weight: 3 },
      ],
    });
  });

  it.each([
    ['{bad', "Failed to parse update weights request JSON '{bad': syntax error at line 1 near: bad"],
    ['{}', "Failed to parse update weights request JSON '{}': Unexpected JSON type parsed"],
    [
      '[{"role":"dev","weight":-1}]',
      "Failed to validate update weights request JSON for role 'dev': Invalid weight '-1': Weights must be positive",
    ],
    [
      '[{"weight":1}]',
      "Failed to validate update weights request JSON: Invalid role '': Role names cannot be the empty string",
    ],
    [
      '[{"role":"-bad","weight":1}]',
      "Failed to validate update weights request JSON: Invalid role '-bad': Role component '-bad' is invalid because it starts with a dash",
    ],
    [
      '[{"role":"a"}]',
      `Failed to convert update weights request JSON array '[{"role":"a"}]' into WeightInfo protobufs: Missing required fields: weight`,
    ],
    [
      '[{"role":"a","weight":"NaN"}]',
      "Failed to validate update weights request JSON for role 'a': Invalid weight 'NaN': Weights must be positive",
    ],
  ])('refuses %s', (body, error) => {
    expect(parseWeights(body)).toEqual({ ok: false, error });
  });
});
