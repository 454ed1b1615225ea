import { describe, expect, it } from 'vitest';
import { durationText, parseDuration } from './mesos-duration.js';

describe('durationText', () => {
  it.each([
    [15_000, '15secs'],
    [600_000, '10mins'],
    [1_209_600_000, '2weeks'],
    [90_000, '90secs'],
    [1_500, '1500ms'],
    [0, '0ns'],
  ])('prints %i ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

describe('parseDuration', () => {
  it.each([
    ['5secs', 5_000],
    ['1.5mins', 90_000],
    ['250ms', 250],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, ms });
  });

  it.each([
    ['5', "Invalid duration '5'"],
    ['', "Invalid duration ''"],
    ['abc', "Failed to convert '' to number"],
    ['1.2.3secs', "Failed to convert '1.2.3' to number"],
    ['5 s', "Unknown duration unit ' s'"],
  ])('refuses %j', (text, error) => {
    expect(parseDuration(text)).toEqual({ ok: false, error });
  });
});
