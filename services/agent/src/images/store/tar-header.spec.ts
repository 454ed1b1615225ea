import { describe, expect, it } from 'vitest';
import { readPax } from './tar-header.js';

const pax = (text: string) => readPax(Buffer.from(text));

describe('readPax', () => {
  it('takes name and length of an entry, and passes over the rest', () => {
    expect(pax('21 path=somewhere/ü\n20 SCHILY.xattr.a=b\n13 size=1234\n')).toEqual({
      ...{ path: 'somewhere/ü', sizeBytes: 1_234 },
    });
    expect(pax('13 path=last\n13 path=wins\n')).toEqual({ path: 'wins' });
    expect(pax('13 path=then\n\0\0\0')).toEqual({ path: 'then' });
    expect(pax('')).toEqual({});
  });

  it.each([
    ['no length', 'path=x\n'],
    ['a length with a zero in front', '011 path=x\n'],
    ['a length that is none', '1e1 path=x\n'],
    ['a length of nothing', '0 path=x\n'],
    ['a length beyond the header', '99 path=x\n'],
    ['a length that ends before the name', '2 path=x\n'],
    ['a length of eight digits', '00000016 path=x\n'],
    ['no line end', '10 path=xy'],
    ['no name', '5 =x\n'],
    ['no value', '8 path\n'],
    ['an end within the length', '1234'],
    ['a size that is none', '11 size=-1\n'],
    ['a size with a power', '12 size=1e3\n'],
  ])('refuses a record with %s', (_, text) => {
    expect(() => pax(text)).toThrow('malformed extended header');
  });

  it('reads each byte once: a header of digits, and one full of the shortest records', () => {
    const digits = Buffer.alloc(1024 * 1024, '0');
    digits.write('1 ', digits.length - 2);
    expect(() => readPax(digits)).toThrow('malformed');
    expect(readPax(Buffer.from('5 a=\n'.repeat(150_000)))).toEqual({});
  });
});
