import { describe, expect, it } from 'vitest';
import { SharedWork } from './shared-work.js';

function world() {
  const work = new SharedWork<string, number>();
  const begun: { signal: AbortSignal; report: (progress: number) => void; done: PromiseWithResolvers<string> }[] = [];
  const join = (signal?: AbortSignal, onProgress: (progress: number) => void = () => undefined) =>
    work.join('k', signal, onProgress, (stop, report) => {
      const done = Promise.withResolvers<string>();
      begun.push({ signal: stop, report, done });
      return done.promise;
    });
  return { join, begun };
}

describe('SharedWork', () => {
  it('does a thing once for all who want it, and tells each how far it is', async () => {
    const { join, begun } = world();
    const seen: string[] = [];
    const first = join(undefined, (progress) => seen.push(`a${progress}`));
    begun[0]?.report(1);
    const second = join(undefined, (progress) => seen.push(`b${progress}`));
    begun[0]?.report(2);
    begun[0]?.done.resolve('x');
    expect(await Promise.all([first, second])).toEqual(['x', 'x']);
    expect({ count: begun.length, seen }).toEqual({ count: 1, seen: ['a1', 'b1', 'a2', 'b2'] });
  });

  it('goes on while one of them is left, and ends with the last', async () => {
    const { join, begun } = world();
    const [one, other] = [new AbortController(), new AbortController()];
    const waits = [join(one.signal), join(other.signal)];
    one.abort(new Error('one left'));
    await expect(waits[0]).rejects.toThrow('one left');
    expect(begun[0]?.signal.aborted).toBe(false);
    other.abort(new Error('other left'));
    await expect(waits[1]).rejects.toThrow('other left');
    expect(begun[0]?.signal.aborted).toBe(true);
  });

  it('begins anew for who comes after the last has left, or after a failure', async () => {
    const { join, begun } = world();
    const gone = new AbortController();
    const left = join(gone.signal);
    gone.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    const failing = join();
    begun[1]?.done.reject(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    const again = join();
    begun[2]?.done.resolve('x');
    expect(await again).toBe('x');
  });

  it('takes in nobody who has left already', () => {
    const { join, begun } = world();
    expect(() => join(AbortSignal.abort(new Error('left')))).toThrow('left');
    expect(begun).toEqual([]);
  });
});
