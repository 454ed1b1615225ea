import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../processes/process-identity.js';
import { groupTargets, treeTargets } from './process.driver.js';

function stat(pid: number, parent: number, startTicks: string): ProcessStat {
  return {
    ...{ pid, parent, startTicks, session: 10, terminal: 0, state: 'S' },
    ...{ userTicks: 0, systemTicks: 0, threads: 1, rssPages: 1 },
  };
}

describe('treeTargets', () => {
  it('are the first process and its tree', () => {
    const first = stat(10, 1, '5');
    expect(treeTargets(first, [first, stat(11, 10, '6')])).toEqual([10, 11]);
  });

  it('are what is left of the session when the first process is gone', () => {
    expect(treeTargets(stat(10, 1, '5'), [stat(11, 1, '6')])).toEqual([11]);
  });

  it('are none when another process has the pid by now', () => {
    expect(treeTargets(stat(10, 1, '5'), [stat(10, 1, '999'), stat(11, 10, '1000')])).toEqual([]);
  });
});

describe('groupTargets', () => {
  it('are the group as long as it has a process', async () => {
    const leader = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const pid = leader.pid ?? 0;
    expect(groupTargets(pid)).toEqual([-pid]);
    process.kill(-pid, 'SIGKILL');
    await once(leader, 'exit');
    expect(groupTargets(pid)).toEqual([]);
  });

  it('are none for what is no pid', () => {
    expect(groupTargets(Number.NaN)).toEqual([]);
    expect(groupTargets(0)).toEqual([]);
  });
});
