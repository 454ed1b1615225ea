import { describe, expect, it } from 'vitest';
import { elementsOf } from './json-elements.js';

describe('elementsOf', () => {
  it.each([
    ['{"a":[]}', []],
    ['{"a":[1.0,"x,]\\"y",{"a":[2]},[3,[4]],-Infinity]}', ['1.0', '"x,]\\"y"', '{"a":[2]}', '[3,[4]]', '-Infinity']],
    ['{"b":{"a":[1]},"c":"\\"a\\":[9]","a":[{"k":1,"k":2.0}]}', ['{"k":1,"k":2.0}']],
    ['{"b":[1]}', []],
  ])('of a in %s are %j', (text, expected) => {
    expect(elementsOf(text, 'a')).toEqual(expected);
  });
});
