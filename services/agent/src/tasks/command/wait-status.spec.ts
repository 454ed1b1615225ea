import { describe, expect, it } from 'vitest';
import { describeWaitStatus } from './wait-status.js';

describe('describeWaitStatus', () => {
  it.each([
    [0, 'Command exited with status 0'],
    [3 * 256, 'Command exited with status 3'],
    [9, 'Command terminated with signal Killed'],
    [15, 'Command terminated with signal Terminated'],
    [11 + 128, 'Command terminated with signal Segmentation fault (core dumped)'],
    [40, 'Command terminated with signal Unknown signal 40'],
  ])('puts wait status %i as "%s"', (waitStatus, text) => {
    expect(describeWaitStatus(waitStatus)).toBe(text);
  });
});
