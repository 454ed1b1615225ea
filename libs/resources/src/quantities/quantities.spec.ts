import { describe, expect, it } from 'vitest';
import { Quantities } from './quantities.js';

const q = (text: string) => Quantities.parse(text);

describe('Quantities', () => {
  it('drop zeros and add repeated names up in text (A7)', () => {
    expect(q('mem:32; cpus:0.5;cpus:0.25;disk:0').toText()).toBe('cpus:0.75; mem:32');
  });

  it('are written with names in byte order, and as nothing when empty', () => {
    expect(q('b:1;a:1;B:1').toText()).toBe('B:1; a:1; b:1');
    expect(Quantities.EMPTY.toText()).toBe('');
  });

  it('ignore blanks around names and in numbers, and empty entries', () => {
    expect(q(' ; cpus : 1 . 5 ;;').toText()).toBe('cpus:1.5');
  });

  it.each([
    ['cpus:-1', 'not a non-negative decimal number: -1'],
    ['cpus:[1-2]', 'not a non-negative decimal number'],
    ['cpus:{a}', 'not a non-negative decimal number'],
    ['cpus:1e3', 'not a non-negative decimal number'],
    ['cpus:NaN', 'not a non-negative decimal number'],
    ['cpus:Infinity', 'not a non-negative decimal number'],
    ['cpus:', 'not a non-negative decimal number'],
    ['cpus:0.0004', 'rounds to zero'],
    ['cpus:99999999999999', 'too large'],
    ['cpus', "missing or extra ':'"],
    ['cpus:1:2', "missing or extra ':'"],
    [':1', 'empty name'],
    ['cpus(r):1', 'no role'],
  ])('refuse the text %s (A7)', (text, message) => {
    expect(() => q(text)).toThrow(message);
  });

  it('have zero for a missing name (A7)', () => {
    expect(q('cpus:1').get('mem')).toBe(0);
  });

  it('subtract to zero at least and drop the name (A7)', () => {
    expect(q('cpus:3;mem:1').minus(q('cpus:1;mem:2;disk:1')).toText()).toBe('cpus:2');
  });

  it('contain others when each entry is at most theirs (A7)', () => {
    expect(q('cpus:1;mem:2').contains(q('cpus:1'))).toBe(true);
    expect(q('cpus:1').contains(q('cpus:1;mem:0.001'))).toBe(false);
    expect(Quantities.EMPTY.contains(Quantities.EMPTY)).toBe(true);
  });

  it('compare after rounding to three decimals (A2)', () => {
    expect(q('cpus:1.0001').equals(q('cpus:1'))).toBe(true);
    expect(q('cpus:1.001').equals(q('cpus:1'))).toBe(false);
  });

  it('convert from and to plain numbers', () => {
    expect(Quantities.fromNumbers({ cpus: 1.5, mem: 0 }).toNumbers()).toEqual({ cpus: 1.5 });
  });

  it('stay as they are when combined', () => {
    const a = q('cpus:1');
    a.plus(q('cpus:1'));
    a.minus(q('cpus:1'));
    expect(a.toText()).toBe('cpus:1');
  });
});
