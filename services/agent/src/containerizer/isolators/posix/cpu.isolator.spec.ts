import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../../processes/process-identity.js';
import { PosixCpuIsolator } from './cpu.isolator.js';

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

describe('posix/cpu', () => {
  it('sums times, processes and threads over the tree of the first process', async () => {
    const isolator = new PosixCpuIsolator(listOf10);
    await isolator.isolate('c1', 10);
    expect(await isolator.usage('c1')).toEqual({
      cpusUserSeconds: 2,
      cpusSystemSeconds: 0.25,
      processes: 2,
      threads: 4,
    });
  });

  it('knows the first process from before a restart', async () => {
    const isolator = new PosixCpuIsolator(listOf10);
    await isolator.recover([{ id: 'c1', pid: 10, limits: { cpusMilli: 1, memBytes: 1 }, sandbox: '/' }]);
    expect(await isolator.usage('c1')).toHaveProperty('processes', 2);
  });

  it('reports nothing, rather than zeros, when no process is left', async () => {
    const isolator = new PosixCpuIsolator(listOf10);
    await isolator.isolate('c1', 12);
    expect(await isolator.usage('c1')).toEqual({});
  });
});
