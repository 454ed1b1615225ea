import type { FakeClock } from '@tranche/scheduler';
import { describe, expect, it } from 'vitest';
import { fakeWorld } from '../../cli.fakes.js';
import { followLaunches } from './follow-launches.js';
import { newInstance } from './instance.js';

describe('followLaunches', () => {
  it('shows how far a launch is, tells of each step once, and leaves alone what runs', async () => {
    const { io } = fakeWorld({});
    const clock = io.clock as FakeClock;
    const over = new AbortController();
    const [web, other] = [newInstance(0, 'web', 0), newInstance(1, 'other', 0)];
    Object.assign(web, { phase: 'starting', taskId: 't1' });
    Object.assign(other, { phase: 'running', taskId: 't2' });
    const changed: string[] = [];
    const answers = [
      { step: 'pulling', percent: 10, doneBytes: 1, totalBytes: 10 },
      { step: 'pulling', percent: 60, doneBytes: 6, totalBytes: 10 },
      undefined,
    ] as const;
    const asked: string[] = [];
    const following = followLaunches(
      {
        io,
        reporter: {
          changed: ({ name, progress }: typeof web) => changed.push(`${name} ${progress?.percent}`),
        } as never,
        progressOf: async (taskId) => answers[asked.push(taskId) - 1],
      },
      [web, other],
      over.signal,
    );
    const look = async (): Promise<void> => {
      clock.advance(500);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    };
    await look();
    await look();
    expect(web.progress).toMatchObject({ percent: 60, sinceBytes: 1 });
    await look();
    expect(web.progress).toBeUndefined();
    over.abort();
    await following;
    expect({ asked, changed }).toEqual({ asked: ['t1', 't1', 't1'], changed: ['web 10'] });
  });
});
