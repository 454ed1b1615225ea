import { describe, expect, it } from 'vitest';
import { jsonSyntaxError, parseJson, quoteInfinity } from './json-syntax.js';

describe('jsonSyntaxError', () => {
  it.each([
    ['', 'syntax error at line 1 near: '],
    ['{', 'syntax error at line 1 near: '],
    ['{"a":1', 'syntax error at line 1 near: '],
    ['{"a":}', 'syntax error at line 1 near: }'],
    ["{'a':1}", "syntax error at line 1 near: 'a':1}"],
    ['{"a" 1}', 'syntax error at line 1 near: 1}'],
    ['[1,]', 'syntax error at line 1 near: ]'],
    ['{"a":tru}', 'syntax error at line 1 near: }'],
    ['{"a":1-2,"b":3}', 'syntax error at line 1 near: ,"b":3}'],
    ['{"a":"\\x"}', 'syntax error at line 1 near: x"}'],
    ['{\n"a":1,\n"b":?\n}', 'syntax error at line 3 near: ?'],
    ['{"a":1} x', 'Parsed JSON included non-whitespace trailing characters: x'],
  ])('explains %j', (text, error) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(jsonSyntaxError(text)).toBe(error);
  });

  it('repeats no more of a long text than helps', () => {
    expect(jsonSyntaxError('x'.repeat(1_000_000))).toHaveLength('syntax error at line 1 near: …'.length + 1_000);
    expect(jsonSyntaxError(`{} ${'x'.repeat(1_000_000)}`).length).toBeLessThan(1_100);
  });

  it('does not exhaust the stack on deep text', () => {
    expect(jsonSyntaxError('['.repeat(100_000))).toContain('syntax error at line 1 near: [[[');
  });
});

describe('parseJson', () => {
  it('yields bigints for integers that numbers cannot hold, and nothing else', () => {
    expect(parseJson('[9007199254740993,9007199254740991,1.2345678901234567,1e30,"9007199254740993"]')).toEqual([
      9007199254740993n,
      9007199254740991,
      1.2345678901234567,
      1e30,
      '9007199254740993',
    ]);
  });
});

describe('quoteInfinity', () => {
  it('leaves strings alone', () => {
    expect(quoteInfinity('{"Infinity":Infinity,"a":[-Infinity,NaN,"-Infinity \\" NaN"]}')).toBe(
      '{"Infinity":"Infinity","a":["-Infinity","NaN","-Infinity \\" NaN"]}',
    );
  });
});
