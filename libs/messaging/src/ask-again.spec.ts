import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { askAgain, FIRST_REPETITION_MS } from './ask-again.js';

function asking() {
  const clock = new FakeClock();
  const attempts: PromiseWithResolvers<string>[] = [];
  const answered = askAgain(() => {
    const attempt = Promise.withResolvers<string>();
    attempts.push(attempt);
    return attempt.promise;
  }, clock);
  return { clock, attempts, answered };
}

describe('askAgain', () => {
  it('asks beside the first attempt after 2, 6 and 14 s without an answer', () => {
    const { clock, attempts } = asking();
    const counts = [0, 1_999, 1, 3_999, 1, 7_999, 1].map((ms) => {
      clock.advance(ms);
      return attempts.length;
    });
    expect(counts).toEqual([1, 1, 2, 2, 3, 3, 4]);
  });

  it('takes the answer that comes first, whichever attempt it is of, and asks no more', async () => {
    const { clock, attempts, answered } = asking();
    clock.advance(FIRST_REPETITION_MS);
    attempts[1]?.resolve('of the second');
    attempts[0]?.resolve('of the first');
    expect(await answered).toBe('of the second');
    clock.advance(60_000);
    expect(attempts).toHaveLength(2);
  });

  it('fails with the first attempt that does', async () => {
    const { clock, attempts, answered } = asking();
    attempts[0]?.reject(new Error('no answer within 30 s'));
    await expect(answered).rejects.toThrow('no answer within 30 s');
    clock.advance(60_000);
    expect(attempts).toHaveLength(1);
  });
});
