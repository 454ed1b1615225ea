import { describe, expect, it } from 'vitest';
import { PauseWatch } from './pause-watch.js';

describe('PauseWatch', () => {
  const watched = (): { watch: PauseWatch; pass: (ms: number) => void } => {
    let nowMs = 0;
    const watch = new PauseWatch(2_000, () => nowMs);
    return { watch, pass: (ms) => (nowMs += ms) };
  };

  it('is steady while time passes in small steps', () => {
    const { watch, pass } = watched();
    for (let step = 0; step < 50; step++) {
      pass(200);
      expect(watch.isSteady).toBe(true);
    }
    watch.stop();
  });

  it('doubts for a moment after a pause', () => {
    const { watch, pass } = watched();
    pass(2_001);
    expect(watch.isSteady).toBe(false);
    pass(999);
    expect(watch.isSteady).toBe(false);
    pass(1);
    expect(watch.isSteady).toBe(true);
    watch.stop();
  });
});
