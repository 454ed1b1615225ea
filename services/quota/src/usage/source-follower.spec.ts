import { describe, expect, it } from 'vitest';
import { SourceFollower } from './source-follower.js';

const PATTERN = 'task.launched.v1';

function following(numbers: number[]) {
  let asked = 0;
  const applied: string[] = [];
  const follower = new SourceFollower('offers', async () => ({
    source: 'offers/1',
    numbers: { [PATTERN]: numbers[asked++] ?? 0 },
  }));
  const take = (sequence: number, item: string, effect: 'applied' | 'unknown' = 'applied', source = 'offers/1') =>
    follower.take({ pattern: PATTERN, source, sequence, messageId: 'm' }, [item], (one) => {
      applied.push(one);
      return effect;
    });
  return { follower, take, applied, asked: () => asked };
}

describe('SourceFollower', () => {
  it('takes a snapshot first and passes over what it contains', async () => {
    const { follower, take, applied, asked } = following([1]);
    expect(follower.isFilled).toBe(false);
    await take(1, 'a');
    await take(2, 'b');
    expect([follower.isFilled, applied, asked()]).toEqual([true, ['b'], 1]);
  });

  it('takes another after a gap and when something is unknown', async () => {
    const { take, applied, asked } = following([0, 2, 3]);
    await take(1, 'a');
    await take(3, 'c');
    await take(4, 'd', 'unknown');
    expect([applied, asked()]).toEqual([['a', 'c', 'd'], 3]);
  });

  it('passes over what was said in a former life of the source', async () => {
    const { take, applied } = following([]);
    await take(9, 'late', 'applied', 'offers/0');
    expect(applied).toEqual([]);
  });
});
