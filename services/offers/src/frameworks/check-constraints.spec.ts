import { describe, expect, it } from 'vitest';
import { constraintsError } from './check-constraints.js';

const one = (constraint: object) =>
  constraintsError({ role_constraints: { web: { groups: [{ attribute_constraints: [constraint as never] }] } } });

describe('constraintsError', () => {
  it('accepts a selector with a predicate', () => {
    expect(
      one({ selector: { attribute_name: 'rack' }, predicate: { text_matches: { regex: 'r[0-9]+' } } }),
    ).toBeUndefined();
    expect(one({ selector: { pseudoattribute_type: 'ZONE' }, predicate: { exists: {} } })).toBeUndefined();
  });

  it.each([
    [{ selector: {}, predicate: { exists: {} } }, 'the selector is not set'],
    [{ selector: { attribute_name: 'a' }, predicate: {} }, 'the predicate is not set'],
    [{ selector: { attribute_name: 'a' }, predicate: { text_matches: { regex: '(' } } }, 'is not valid'],
    [{ selector: { attribute_name: 'a' }, predicate: { text_matches: { regex: '(a)\\1' } } }, 'RE2 does not support'],
  ])('refuses %j', (constraint, error) => {
    expect(one(constraint)).toContain(error);
  });

  it('refuses groups that hold nothing', () => {
    expect(constraintsError({ role_constraints: { web: { groups: [{}] } } })).toContain('at least one');
  });
});
