import { describe, expect, it } from 'vitest';
import { Resources } from './resources.js';

const r = (text: string) => Resources.parse(text);

describe('Resources', () => {
  it('adds equal identities and keeps others apart (A3)', () => {
    expect(r('cpus:1.5;ports:[1-2]').plus(r('cpus(r):1;ports:[3-4]')).toText()).toBe(
      'cpus:1.5; cpus(r):1; ports:[1-4]',
    );
  });

  it('adds 0.1 and 0.2 to exactly 0.3 (A2)', () => {
    expect(r('cpus:0.1').plus(r('cpus:0.2')).equals(r('cpus:0.3'))).toBe(true);
  });

  it('covers an indivisible disk only by an equal one (A4)', () => {
    expect(r('disk[MOUNT:/m]:10').contains(r('disk[MOUNT:/m]:5'))).toBe(false);
    expect(r('disk[PATH:/m]:10').contains(r('disk[PATH:/m]:5'))).toBe(true);
  });
});
