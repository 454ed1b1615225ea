import { describe, expect, it } from 'vitest';
import type { ProcessStat } from './process-identity.js';
import { ProcessSurvey, selectTree } from './process-tree.js';

function stat(pid: number, parent: number, session: number): ProcessStat {
  return {
    ...{ pid, parent, session, terminal: 0, state: 'S', userTicks: 0, systemTicks: 0 },
    threads: 1,
    startTicks: '1',
    rssPages: 1,
  };
}

const pidsOf = (processes: readonly ProcessStat[]): number[] =>
  processes.map(({ pid }) => pid).toSorted((a, b) => a - b);

describe('selectTree', () => {
  it('takes the root and all its descendants', () => {
    const processes = [stat(10, 1, 10), stat(11, 10, 10), stat(12, 11, 10), stat(20, 1, 20)];
    expect(pidsOf(selectTree(10, processes))).toEqual([10, 11, 12]);
  });

  it('takes orphans that stayed in the session', () => {
    expect(pidsOf(selectTree(10, [stat(11, 1, 10), stat(12, 11, 10)]))).toEqual([11, 12]);
  });

  it('takes descendants that made a session of their own', () => {
    expect(pidsOf(selectTree(10, [stat(10, 1, 10), stat(11, 10, 11), stat(12, 11, 11)]))).toEqual([10, 11, 12]);
  });

  it('loses an orphan with a session of its own', () => {
    expect(pidsOf(selectTree(10, [stat(10, 1, 10), stat(11, 1, 11)]))).toEqual([10]);
  });

  it('is empty when nothing is left', () => {
    expect(selectTree(10, [stat(20, 1, 20)])).toEqual([]);
  });
});

describe('ProcessSurvey', () => {
  it('reads the machine once for all questions of one turn', () => {
    let readings = 0;
    const survey = new ProcessSurvey(() => {
      readings++;
      return [stat(process.pid, 1, process.pid)];
    });
    survey.list(process.pid);
    survey.list(process.pid);
    expect(readings).toBe(1);
  });

  it('reads nothing for a process that is gone', () => {
    const survey = new ProcessSurvey(() => {
      throw new Error('read');
    });
    expect(survey.list(4_194_305)).toEqual([]);
  });
});
