import { describe, expect, it } from 'vitest';
import { parseAttributes } from './attributes.js';

describe('parseAttributes', () => {
  it.each([
    ['rack:r1', { name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
    ['rack:1', { name: 'rack', type: 'SCALAR', scalar: { value: 1 } }],
    ['rack:1a', { name: 'rack', type: 'TEXT', text: { value: '1a' } }],
    ['version:1.10', { name: 'version', type: 'SCALAR', scalar: { value: 1.1 } }],
    ['temp:-1', { name: 'temp', type: 'TEXT', text: { value: '-1' } }],
    ['url:http://h:80', { name: 'url', type: 'TEXT', text: { value: 'http://h:80' } }],
    ['os : a b', { name: 'os', type: 'TEXT', text: { value: 'ab' } }],
    [
      'ids:[5-6, 1-2]',
      {
        name: 'ids',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 2 },
            { begin: 5, end: 6 },
          ],
        },
      },
    ],
  ])('reads %s', (text, attribute) => {
    expect(parseAttributes(text)).toEqual([attribute]);
  });

  it('separates entries by semicolons and newlines, keeps their order and repetitions', () => {
    expect(parseAttributes('b:1;a:x\nb:2;').map(({ name }) => name)).toEqual(['b', 'a', 'b']);
  });

  it.each(['rack', 'rack:', ':a', 'rack: ', 'zones:{a,b}', 'ids:[1-2', 'ids:[1]'])('refuses %j', (text) => {
    expect(() => parseAttributes(text)).toThrow();
  });

  it('reads nothing from an empty text', () => {
    expect(parseAttributes(' ')).toEqual([]);
  });
});
