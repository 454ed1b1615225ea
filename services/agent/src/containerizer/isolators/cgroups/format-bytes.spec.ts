import { describe, expect, it } from 'vitest';
import { formatBytes } from './format-bytes.js';

describe('formatBytes', () => {
  it.each([
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1KB'],
    [50_331_648, '48MB'],
    [50_327_552, '49148KB'],
    [1024 ** 4 * 2048, '2048TB'],
  ])('writes %d in the largest unit that loses nothing', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
