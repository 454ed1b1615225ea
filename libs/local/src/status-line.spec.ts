import { describe, expect, it } from 'vitest';
import type { Pulse } from './pulse.js';
import { StatusLine } from './status-line.js';

describe('StatusLine', () => {
  it('rewrites its line only when something changed, within the width of the terminal', () => {
    const written: string[] = [];
    let pulse: Pulse = { tasks: 1, offers: 2, lastEvent: '' };
    const line = new StatusLine({ columns: 30, write: (text) => written.push(text) }, () => pulse);
    line.refresh();
    line.refresh();
    pulse = { tasks: 2, offers: 0, lastEvent: 'a-task-with-a-long-name TASK_RUNNING' };
    line.refresh();
    line.stop();
    expect(written).toEqual([
      '\r\u001b[2K  1 tasks · 2 offers',
      '\r\u001b[2K  2 tasks · 0 offers · a-task',
      '\r\u001b[2K',
    ]);
  });
});
