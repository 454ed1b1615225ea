import { describe, expect, it } from 'vitest';
import { type HealthState, judgeHealth } from './health-state.js';

const TERMS = { graceMs: 10_000, maxFailures: 3 };

/** What is told after each look, `x` for a failure and `o` for a success, at one a second; `!` where the task is to be ended. */
function follow(looks: string, from: HealthState = { failures: 0 }, terms = TERMS): string[] {
  let state = from;
  return looks.split('').map((look, second) => {
    const verdict = judgeHealth(state, look === 'o', second * 1000, terms);
    state = verdict.state;
    const told = verdict.tell === undefined ? '-' : verdict.tell ? 'healthy' : `unhealthy ${state.failures}`;
    return verdict.isFinal ? `${told}!` : told;
  });
}

describe('judgeHealth', () => {
  it('tells the first success, and none of those after it', () => {
    expect(follow('ooo')).toEqual(['healthy', '-', '-']);
  });

  it('tells every failure that counts, and the first success after it', () => {
    expect(follow('oxxo')).toEqual(['healthy', 'unhealthy 1', 'unhealthy 2', 'healthy']);
  });

  it('ends the task with the last failure in a row that it may have', () => {
    expect(follow('oxxoxxx')).toEqual([
      ...['healthy', 'unhealthy 1', 'unhealthy 2', 'healthy', 'unhealthy 1', 'unhealthy 2', 'unhealthy 3!'],
    ]);
  });

  it('ignores failures while the task may still be coming up', () => {
    expect(follow('xxxxxxxxxxxx')).toEqual([...Array.from({ length: 10 }, () => '-'), 'unhealthy 1', 'unhealthy 2']);
  });

  it('gives no grace after the first success', () => {
    expect(follow('xox')).toEqual(['-', 'healthy', 'unhealthy 1']);
  });

  it('goes on from what was told before a restart of the agent', () => {
    expect(follow('x', { healthy: false, failures: 2 })).toEqual(['unhealthy 3!']);
    expect(follow('o', { healthy: true, failures: 0 })).toEqual(['-']);
  });

  it('allows no failure at all where none is allowed', () => {
    expect(follow('x', { failures: 0 }, { graceMs: 0, maxFailures: 0 })).toEqual(['unhealthy 1!']);
  });
});
