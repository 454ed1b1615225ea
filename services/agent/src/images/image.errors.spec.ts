import { describe, expect, it } from 'vitest';
import { ImageError } from './image.errors.js';

describe('ImageError', () => {
  it('does not pass on all that somebody says', () => {
    expect(new ImageError('bad-answer', 'x'.repeat(1_000)).message).toHaveLength(1_000);
    expect(new ImageError('bad-answer', 'x'.repeat(100_000)).message).toBe(`${'x'.repeat(1_000)}…`);
  });
});
