import { describe, expect, it } from 'vitest';
import { Limits } from './limits.js';
import { Quantities } from './quantities.js';

const l = (text: string) => Limits.parse(text);
const q = (text: string) => Quantities.parse(text);

describe('Limits', () => {
  it('keep zeros in text (A8)', () => {
    expect(l('mem:0;cpus:1').toText()).toBe('cpus:1; mem:0');
  });

  it('refuse a repeated name, also of equal value (A8)', () => {
    expect(() => l('cpus:1;cpus:1')).toThrow('cpus: limit given twice');
  });

  it.each(['cpus:-1', 'cpus:[1-2]', 'cpus', 'cpus(r):1', 'cpus:0.0001'])('refuse the text %s (A8)', (text) => {
    expect(() => l(text)).toThrow();
  });

  it('leave a missing name unlimited, while a zero allows nothing (A8)', () => {
    expect(l('cpus:0').get('mem')).toBeUndefined();
    expect(l('cpus:0').contains(q('mem:1000'))).toBe(true);
    expect(l('cpus:0').contains(q('cpus:0.001'))).toBe(false);
  });

  it('subtract to zero at least and keep the name (A8)', () => {
    expect(l('cpus:3').minus(q('cpus:4;mem:1')).toText()).toBe('cpus:0');
    expect(l('cpus:3').minus(q('cpus:1')).toText()).toBe('cpus:2');
  });

  it('contain what is at most the limit of each limited name (A8)', () => {
    expect(l('cpus:3').contains(q('cpus:3;mem:9'))).toBe(true);
    expect(l('cpus:3').contains(q('cpus:3.001'))).toBe(false);
  });

  it('are equal when names and bounds are', () => {
    expect(l('cpus:0').equals(Limits.EMPTY)).toBe(false);
    expect(l('cpus:1;mem:2').equals(l('mem:2;cpus:1'))).toBe(true);
  });

  it('convert from and to plain numbers', () => {
    expect(Limits.fromNumbers({ cpus: 0 }).toNumbers()).toEqual({ cpus: 0 });
  });
});
