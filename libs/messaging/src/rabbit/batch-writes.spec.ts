import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { batchWrites } from './batch-writes.js';

/** Notes what leaves together. */
class Calls extends Writable {
  readonly calls: string[] = [];

  constructor() {
    super({ highWaterMark: 100 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.calls.push(chunk.toString());
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.calls.push(chunks.map(({ chunk }) => chunk.toString()).join('|'));
    done();
  }
}

let nowMs: number;
let timers: { dueMs: number; run: () => void }[];
let stream: Calls;
const clock = {
  nowMs: () => nowMs,
  after: (delayMs: number, run: () => void) => {
    timers.push({ dueMs: nowMs + delayMs, run });
    return () => undefined;
  },
};
const passes = async (ms: number): Promise<void> => {
  nowMs += ms;
  const due = timers.filter(({ dueMs }) => dueMs <= nowMs);
  timers = timers.filter(({ dueMs }) => dueMs > nowMs);
  for (const { run } of due) run();
  await nextTurn();
};

beforeEach(() => {
  nowMs = 1_000;
  timers = [];
  stream = new Calls();
  batchWrites(stream, 5, clock);
});

describe('writes to the broker', () => {
  it('leave at the end of the turn after silence, together', async () => {
    stream.write('a');
    stream.write('b');
    expect(stream.calls).toEqual([]);
    await passes(0);
    expect(stream.calls).toEqual(['a|b']);
  });

  it('wait for an interval after others, whatever turn they come in', async () => {
    stream.write('a');
    await passes(0);
    await passes(2);
    stream.write('b');
    await passes(1);
    stream.write('c');
    await passes(1);
    expect(stream.calls).toEqual(['a']);
    await passes(1);
    expect(stream.calls).toEqual(['a', 'b|c']);
    await passes(50);
    stream.write('d');
    await passes(0);
    expect(stream.calls).toEqual(['a', 'b|c', 'd']);
  });

  it('do not wait when the writer is told to', async () => {
    stream.write('a');
    await passes(0);
    let isDrained = false;
    stream.on('drain', () => (isDrained = true));
    expect(stream.write('x'.repeat(60))).toBe(true);
    expect(stream.write('y'.repeat(60))).toBe(false);
    expect(stream.calls).toHaveLength(2);
    await nextTurn();
    expect(isDrained).toBe(true);
  });

  it('are not kept back by a clock that is set back', async () => {
    stream.write('a');
    await passes(0);
    nowMs -= 100_000;
    stream.write('b');
    await passes(5);
    expect(stream.calls).toEqual(['a', 'b']);
  });

  it('are lost with the connection: what was not confirmed is sent again over the next', async () => {
    stream.write('a');
    await passes(0);
    stream.write('b');
    stream.destroy();
    await passes(5);
    expect(stream.calls).toEqual(['a']);
  });

  it('leave before the end', async () => {
    stream.write('a');
    await passes(0);
    stream.write('b');
    stream.end('c');
    await nextTurn();
    expect(stream.calls).toEqual(['a', 'b|c']);
  });
});
