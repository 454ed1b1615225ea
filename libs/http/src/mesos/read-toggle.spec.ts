import { describe, expect, it } from 'vitest';
import { readToggle } from './read-toggle.js';

describe('readToggle', () => {
  it('changes nothing without parameters', () => {
    expect(readToggle({}, 0)).toEqual({ ok: true, toggle: undefined });
  });

  it('reads a level and for how long it shall last', () => {
    expect(readToggle({ level: '1', duration: '2secs' }, 0)).toEqual({
      ok: true,
      toggle: { level: 1, durationMs: 2_000 },
    });
  });

  it.each([
    [{ level: '1' }, "Expecting 'duration=value' in query.\n"],
    [{ duration: '1secs' }, "Expecting 'level=value' in query.\n"],
    [{ level: 'much', duration: '1secs' }, "Failed to convert 'much' to number.\n"],
    [{ level: '-1', duration: '1secs' }, "Invalid level '-1'.\n"],
    [{ level: '0', duration: '1secs' }, "'0' < original level.\n"],
    [{ level: '2', duration: '5' }, "Invalid duration '5'.\n"],
  ])('refuses %j', (query, message) => {
    expect(readToggle(query, 1)).toEqual({ ok: false, message });
  });
});
