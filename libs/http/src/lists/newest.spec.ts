import { describe, expect, it } from 'vitest';
import { newestMs } from './newest.js';

describe('newestMs', () => {
  it('finds the newest of those that have a time', () => {
    const times = ['1970-01-01T00:00:02Z', undefined, '1970-01-01T00:00:05.5Z', 'never', '1970-01-01T00:00:01Z'];
    expect(newestMs(times, (time) => time)).toBe(5_500);
    expect(newestMs([], () => '')).toBe(0);
  });

  it('finds it among more entries than a call takes arguments', () => {
    const times = Array.from({ length: 300_000 }, () => '1970-01-01T00:00:01Z');
    expect(newestMs(times, (time) => time)).toBe(1_000);
  });
});
