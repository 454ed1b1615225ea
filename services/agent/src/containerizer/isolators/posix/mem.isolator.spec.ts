import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../../processes/process-identity.js';
import { PosixMemIsolator } from './mem.isolator.js';

const PROCESSES: readonly ProcessStat[] = [
  {
    ...{ pid: 10, parent: 1, session: 10, terminal: 0, state: 'S', userTicks: 150, systemTicks: 20 },
    threads: 3,
    startTicks: '1',
    rssPages: 10,
  },
  {
    ...{ pid: 11, parent: 10, session: 10, terminal: 0, state: 'R', userTicks: 50, systemTicks: 5 },
    threads: 1,
    startTicks: '2',
    rssPages: 6,
  },
];

const listOf10 = (pid: number) => (pid === 10 ? PROCESSES : []);

describe('posix/mem', () => {
  it('sums resident pages', async () => {
    const isolator = new PosixMemIsolator(listOf10);
    await isolator.isolate('c1', 10);
    expect(await isolator.usage('c1')).toEqual({ memRssBytes: 16 * 4096 });
  });

  it('forgets a container that was cleaned up', async () => {
    const isolator = new PosixMemIsolator(listOf10);
    await isolator.isolate('c1', 10);
    await isolator.cleanup('c1');
    expect(await isolator.usage('c1')).toEqual({});
  });
});
