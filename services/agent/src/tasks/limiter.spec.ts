import { describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { Limiter } from './limiter.js';

describe('Limiter', () => {
  it('lets so many jobs run at a time, the others in order', async () => {
    const limiter = new Limiter(2);
    const begun: number[] = [];
    const jobs = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    const all = jobs.map((job, i) =>
      limiter.run(() => {
        begun.push(i);
        return job.promise;
      }),
    );
    await settled();
    expect(begun).toEqual([0, 1]);
    jobs[1]?.resolve();
    await settled();
    expect(begun).toEqual([0, 1, 2]);
    for (const job of jobs) job.resolve();
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('gives the place of a job that waits outside to others, and takes it back in its turn', async () => {
    const limiter = new Limiter(1);
    const wait = Promise.withResolvers<void>();
    const other = Promise.withResolvers<void>();
    const done: string[] = [];
    const first = limiter.run(async () => {
      await limiter.outside(() => wait.promise);
      done.push('first');
    });
    const second = limiter.run(async () => {
      await other.promise;
      done.push('second');
    });
    await settled();
    wait.resolve();
    await settled();
    expect(done).toEqual([]);
    other.resolve();
    await Promise.all([first, second]);
    expect(done).toEqual(['second', 'first']);
    await limiter.idle();
  });

  it('goes on after a job that fails, and passes the failure on', async () => {
    const limiter = new Limiter(1);
    await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limiter.run(async () => 1)).toBe(1);
  });

  it('tells when nothing happens any more', async () => {
    const limiter = new Limiter(1);
    await limiter.idle();
    const job = Promise.withResolvers<void>();
    void limiter.run(() => job.promise);
    let isIdle = false;
    const idle = limiter.idle().then(() => (isIdle = true));
    await settled();
    expect(isIdle).toBe(false);
    job.resolve();
    await idle;
  });
});
