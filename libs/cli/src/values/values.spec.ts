import { describe, expect, it } from 'vitest';
import { UsageError } from '../cli.errors.js';
import { formatSeconds, formatSpan, parseDurationMs } from './duration.js';
import { parsePairs } from './pairs.js';
import { formatBytes, formatCount, parseSizeMb } from './size.js';
import { stateOfWord, stateWord } from './task-words.js';

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDurationMs(text, '--timeout')).toBe(ms);
  });

  it.each(['', '30', 's', '-1s', '3 weeks', '1h30m'])('%j is refused', (text) => {
    expect(() => parseDurationMs(text, '--timeout')).toThrow(UsageError);
  });

  it.each([
    [0, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [7_200_000, '2h'],
    [6 * 86_400_000 + 5, '6d'],
    [-5, '0s'],
  ])('%d ms are shown as %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text);
  });

  it('shows what somebody watches in tenths of a second', () => {
    expect(formatSeconds(6_840)).toBe('6.8 s');
  });
});

describe('sizes', () => {
  it.each([
    ['64m', 64],
    ['64M', 64],
    ['1.5g', 1536],
    ['512MiB', 512],
    ['512 mib', 512],
    ['1024k', 1],
    ['1tb', 1_048_576],
  ])('%s are %d MiB', (text, mb) => {
    expect(parseSizeMb(text, '--mem')).toBe(mb);
  });

  it('refuses a bare number and says what may be meant', () => {
    expect(() => parseSizeMb('64', '--mem')).toThrow('--mem: "64" has no unit: 64m or 64g?');
  });

  it.each(['', 'm', '-1m', '1x', '1 2m'])('%j is refused', (text) => {
    expect(() => parseSizeMb(text, '--mem')).toThrow(UsageError);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [64 * 2 ** 20, '64 MiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [2.5 * 2 ** 40, '2.5 TiB'],
  ])('%d bytes are shown as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('shows counts without noise', () => {
    expect([0.1 + 0.2, 2, 0.0004].map(formatCount)).toEqual(['0.3', '2', '0']);
  });
});

describe('pairs', () => {
  it('keep "=" within the value, and take an empty value', () => {
    expect(parsePairs(['A=b=c', 'D='], '--env')).toEqual({ A: 'b=c', D: '' });
  });

  it.each(['A', '=b'])('%s is refused', (text) => {
    expect(() => parsePairs([text], '--env')).toThrow(`--env: "${text}" is not of the form NAME=VALUE`);
  });
});

describe('states', () => {
  it('are words, and words are states', () => {
    expect(stateWord('TASK_GONE_BY_OPERATOR')).toBe('gone by operator');
    expect(['running', 'TASK_FAILED', 'gone-by-operator'].map(stateOfWord)).toEqual([
      'TASK_RUNNING',
      'TASK_FAILED',
      'TASK_GONE_BY_OPERATOR',
    ]);
  });
});
