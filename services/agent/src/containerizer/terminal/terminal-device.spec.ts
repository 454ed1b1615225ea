import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../processes/process-identity.js';
import { terminalDevice } from './terminal-device.js';

const stat = (pid: number, parent: number, terminal: number): ProcessStat => ({
  ...{ pid, parent, terminal, state: 'S', session: pid, userTicks: 0, systemTicks: 0, threads: 1 },
  ...{ startTicks: '1', rssPages: 1 },
});
/** Device number of /dev/pts/N. */
const pts = (index: number): number => (136 << 8) | (index & 0xff) | ((index & 0xf_ff_00) << 12);

describe('terminalDevice', () => {
  it('is that of the first process below the root that a terminal controls', () => {
    const processes = [stat(5, 1, pts(1)), stat(10, 1, 0), stat(11, 10, 0), stat(12, 11, pts(3)), stat(13, 12, pts(4))];
    expect(terminalDevice(10, processes)).toBe('/proc/12/root/dev/pts/3');
  });

  it('has a number beyond 255 as well', () => {
    expect(terminalDevice(10, [stat(10, 1, 0), stat(11, 10, pts(700))])).toBe('/proc/11/root/dev/pts/700');
  });

  it('is undefined while no process is on a pseudo-terminal', () => {
    expect(terminalDevice(10, [stat(10, 1, 0), stat(11, 10, (4 << 8) | 1)])).toBeUndefined();
  });
});
