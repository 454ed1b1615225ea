import { describe, expect, it } from 'vitest';
import { parseRemovalRate } from './removal-rate.js';

describe('parseRemovalRate', () => {
  it.each([
    ['1/10mins', 600_000],
    ['6/1hrs', 600_000],
    ['100/1secs', 10],
    ['2/1.5mins', 45_000],
  ])('reads %s as one agent every %s ms', (text, intervalMs) => {
    expect(parseRemovalRate(text)).toEqual({ ok: true, intervalMs });
  });

  it.each([
    ['10mins', 'must be <number of agents>/<duration>, as 1/10mins'],
    ['1/2/3secs', 'must be <number of agents>/<duration>, as 1/10mins'],
    ['0/1mins', "must begin with a number of agents, at least 1, not with '0'"],
    ['1.5/1mins', "must begin with a number of agents, at least 1, not with '1.5'"],
    ['1/10', "has no duration after the /: Invalid duration '10'"],
    ['1/10minutes', "has no duration after the /: Unknown duration unit 'minutes'"],
    ['1/0secs', 'must have a duration above 0, not 0secs'],
  ])('refuses %s', (text, error) => {
    expect(parseRemovalRate(text)).toEqual({ ok: false, error });
  });
});
