import { expect, it } from 'vitest';
import { MessageQueue } from './message-queue.js';

it('gives back in order what was put in, over many thousands', () => {
  const queue = new MessageQueue<number>();
  const taken: (number | undefined)[] = [];
  for (let n = 0; n < 10_000; n++) {
    queue.push(n);
    if (n % 3 !== 0) taken.push(queue.take());
  }
  while (queue.length > 0) taken.push(queue.take());
  expect(taken).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
  expect(queue.take()).toBeUndefined();
});

it('puts what comes back before the others, in its order', () => {
  const queue = new MessageQueue<number>();
  for (const n of [1, 2, 3]) queue.push(n);
  const first = [queue.take() ?? 0, queue.take() ?? 0];
  queue.putBack(first);
  expect([queue.peek(), queue.length]).toEqual([1, 3]);
  expect([queue.take(), queue.take(), queue.take()]).toEqual([1, 2, 3]);
});

it('takes out what is asked for and keeps the rest', () => {
  const queue = new MessageQueue<number>();
  for (const n of [1, 2, 3, 4]) queue.push(n);
  queue.take();
  expect(queue.remove((n) => n % 2 === 0)).toEqual([2, 4]);
  expect([queue.take(), queue.length]).toEqual([3, 0]);
});
