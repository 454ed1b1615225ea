import { beforeEach, describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../processes/process-identity.js';
import { DeathSweep, type Mortal } from './death-sweep.js';

const container = (id: string, pid: number): Mortal => ({ id, identity: { pid, startTicks: `${pid}0` } });

describe('DeathSweep', () => {
  /** What /proc has: the start of each process, by its pid. */
  let processes: Map<number, string>;
  let readInFull: number[];
  let sweep: DeathSweep;

  beforeEach(() => {
    processes = new Map();
    readInFull = [];
    sweep = new DeathSweep({
      doesExist: (pid) => processes.has(pid),
      isAlive: ({ pid, startTicks }: ProcessIdentity) => {
        readInFull.push(pid);
        return processes.get(pid) === startTicks;
      },
    });
  });

  const many = Array.from({ length: 120 }, (_, index) => container(`c${index}`, 1000 + index));
  const begin = (containers: readonly Mortal[]): void => {
    for (const { identity } of containers) processes.set(identity.pid, identity.startTicks);
  };

  it('finds nothing where all is well, and reads a twelfth of it in full', () => {
    begin(many);
    expect(sweep.sweep(many)).toEqual([]);
    expect(readInFull).toHaveLength(10);
  });

  it('has read each in full after twelve sweeps', () => {
    begin(many);
    for (let i = 0; i < 12; i++) sweep.sweep(many);
    expect(new Set(readInFull).size).toBe(120);
    expect(readInFull).toHaveLength(120);
  });

  it('calls a container dead whose process is gone for the second time', () => {
    begin(many);
    processes.delete(1007);
    expect(sweep.sweep(many)).toEqual([]);
    expect(sweep.sweep(many).map(({ id }) => id)).toEqual(['c7']);
  });

  it('finds one whose pid another process has got, within thirteen sweeps', () => {
    begin(many);
    processes.set(1007, 'another');
    const dead = Array.from({ length: 13 }, () => sweep.sweep(many)).flat();
    expect(dead.map(({ id }) => id)).toContain('c7');
  });

  it('forgets a suspicion that was wrong', () => {
    begin(many);
    processes.delete(1007);
    sweep.sweep(many);
    begin(many);
    expect(sweep.sweep(many)).toEqual([]);
    processes.delete(1007);
    expect(sweep.sweep(many)).toEqual([]);
  });
});
