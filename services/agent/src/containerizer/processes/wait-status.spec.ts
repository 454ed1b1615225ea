import { describe, expect, it } from 'vitest';
import { waitStatusOf } from './wait-status.js';

describe('waitStatusOf', () => {
  it.each([
    ['0', 0],
    ['1', 256],
    ['127', 127 * 256],
    ['128', 128 * 256],
  ])('is the exit code times 256: %s', (text, status) => {
    expect(waitStatusOf(text)).toBe(status);
  });

  it.each([
    ['129', 1],
    ['137', 9],
    ['143', 15],
    ['192', 64],
  ])('is the signal above 128: %s', (text, status) => {
    expect(waitStatusOf(text)).toBe(status);
  });

  it('is an exit code again where no signal has the number', () => {
    expect(waitStatusOf('193')).toBe(193 * 256);
    expect(waitStatusOf('255')).toBe(255 * 256);
  });

  it('allows a line end', () => {
    expect(waitStatusOf('3\n')).toBe(768);
  });

  it.each(['', 'x', '-1', '256', '1000', '1 2'])('is undefined for what is no exit code: "%s"', (text) => {
    expect(waitStatusOf(text)).toBeUndefined();
  });
});
