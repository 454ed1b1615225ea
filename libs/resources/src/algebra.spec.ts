import { describe, expect, it } from 'vitest';
import { Resources } from './resources.js';

/** Reservations for many roles: enough that objects are looked up by a table instead of one by one. */
const many = (count: number, value = 1) =>
  Resources.parse(Array.from({ length: count }, (_, i) => `cpus(r${i}):${value}`).join(';'));
const volumes = (count: number, copies: number) =>
  Resources.parse(Array.from({ length: count }, (_, i) => `disk(r)[v${i}]<SHARED*${copies}>:5`).join(';'));

describe('long collections', () => {
  it('add like short ones', () => {
    expect(many(200).plus(many(200)).equals(many(200, 2))).toBe(true);
    expect(many(100).plus(many(200)).size).toBe(200);
  });

  it('subtract like short ones', () => {
    expect(many(200, 3).minus(many(200)).equals(many(200, 2))).toBe(true);
    expect(many(200).minus(many(150)).size).toBe(50);
  });

  it('contain like short ones', () => {
    expect(many(200, 2).contains(many(200))).toBe(true);
    expect(many(199).contains(many(200))).toBe(false);
  });

  it('count copies of shared volumes', () => {
    expect(volumes(50, 1).plus(volumes(50, 2)).equals(volumes(50, 3))).toBe(true);
    expect(volumes(50, 3).minus(volumes(50, 2)).equals(volumes(50, 1))).toBe(true);
    expect(volumes(50, 1).contains(volumes(50, 2))).toBe(false);
  });

  it('keep equal volumes apart and use them up one by one', () => {
    const volume = Resources.parse('disk(r)[v]:5');
    const forty = Array.from({ length: 40 }, () => volume).reduce((a, b) => a.plus(b));
    expect(forty.size).toBe(40);
    expect(forty.contains(forty)).toBe(true);
    expect(forty.minus(volume).contains(forty)).toBe(false);
    expect(many(40).plus(forty).minus(forty).equals(many(40))).toBe(true);
  });
});
