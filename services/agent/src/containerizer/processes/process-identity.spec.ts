import { describe, expect, it } from 'vitest';
import { isAlive, parseProcessStat, readBootId, readProcessStat } from './process-identity.js';

const REST = '1 4711 4711 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 3 0 987654 12345678 321 18446744073709551615';

describe('parseProcessStat', () => {
  it('reads the fields that Tranche needs', () => {
    expect(parseProcessStat(`4711 (sleep) S ${REST}`)).toEqual({
      ...{ pid: 4711, state: 'S', parent: 1, session: 4711, terminal: 0, userTicks: 150, systemTicks: 25 },
      ...{ threads: 3, startTicks: '987654', rssPages: 321 },
    });
  });

  it('is not misled by a command name with spaces and parentheses', () => {
    expect(parseProcessStat(`4711 (a) S 9 (b) R ${REST}`)).toMatchObject({ state: 'R', startTicks: '987654' });
  });

  it('is undefined for anything else', () => {
    expect(parseProcessStat('')).toBeUndefined();
    expect(parseProcessStat('4711 (sleep) S 1')).toBeUndefined();
  });
});

describe('isAlive', () => {
  it('holds for this very process', () => {
    expect(isAlive({ pid: process.pid, startTicks: readProcessStat(process.pid)?.startTicks ?? '' })).toBe(true);
  });

  it('does not hold for an earlier process of the same pid', () => {
    expect(isAlive({ pid: process.pid, startTicks: '1' })).toBe(false);
  });

  it('does not hold for a pid that nobody has', () => {
    expect(isAlive({ pid: 4_194_305, startTicks: '1' })).toBe(false);
  });
});

describe('readBootId', () => {
  it('is the same at every call', () => {
    expect(readBootId()).toBe(readBootId());
  });
});
