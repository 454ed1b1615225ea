import { EventEmitter } from 'node:events';
import type { ClientRequest } from 'node:http';
import { FakeClock, silentLogger } from '@tranche/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_HOLD_MS, RelayUploads, STILL_THERE_MS } from './relay-uploads.js';

/** What an application is asked by, as far as bodies are concerned. */
class FakeRequest extends EventEmitter {
  readonly written: string[] = [];
  writableNeedDrain = false;
  destroyed = false;

  write(data: Buffer): void {
    this.written.push(data.toString());
  }

  end(): void {
    this.written.push('the end');
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

describe('a body that follows its request', () => {
  let clock: FakeClock;
  let request: FakeRequest;
  let uploads: RelayUploads;
  let told: unknown[];
  let isClientThere: boolean;
  beforeEach(() => {
    clock = new FakeClock();
    request = new FakeRequest();
    told = [];
    isClientThere = true;
    const send = async (_contract: unknown, queue: string, items: unknown): Promise<void> => {
      if (!isClientThere) throw new Error('no such queue');
      told.push([queue, items]);
    };
    uploads = new RelayUploads({ send }, clock, silentLogger);
    uploads.begin({ exchangeId: 'e', replyQueue: 'r' }, request as unknown as ClientRequest);
  });
  const take = (text: string, isLast = false): Promise<{ state: string }> =>
    uploads.take({ exchangeId: 'e', data: Buffer.from(text).toString('base64'), isLast });
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };

  it('is written as it comes, and ended with its last piece', async () => {
    expect([await take('one'), await take('two', true)]).toEqual([{ state: 'taken' }, { state: 'taken' }]);
    expect(request.written).toEqual(['one', 'two', 'the end']);
    expect(await take('three')).toEqual({ state: 'closed' });
  });

  it('is answered once the application has read it', async () => {
    request.writableNeedDrain = true;
    let state: unknown;
    void take('one').then((answer) => (state = answer.state));
    await turns();
    expect(state).toBeUndefined();
    request.writableNeedDrain = false;
    request.emit('drain');
    await turns();
    expect(state).toBe('taken');
    expect([request.listenerCount('drain'), request.listenerCount('close')]).toEqual([0, 1]);
  });

  it('is full after a while for an application that does not read', async () => {
    request.writableNeedDrain = true;
    const taken = take('one');
    await turns();
    clock.advance(MAX_HOLD_MS);
    expect(await taken).toEqual({ state: 'full' });
    expect(await uploads.take({ exchangeId: 'x', data: '', isLast: false })).toEqual({ state: 'closed' });
  });

  it('is closed when the application breaks it off, or has answered already', async () => {
    request.writableNeedDrain = true;
    const taken = take('one');
    await turns();
    uploads.end('e');
    expect([await taken, await take('two'), request.destroyed]).toEqual([
      { state: 'closed' },
      { state: 'closed' },
      true,
    ]);
  });

  it('ends when the replica of its client has gone, which is asked now and then until it is complete', async () => {
    clock.advance(STILL_THERE_MS);
    expect(told).toEqual([['r', [{ exchangeId: 'e', data: '' }]]]);
    await take('all', true);
    clock.advance(2 * STILL_THERE_MS);
    expect(told).toHaveLength(1);
    uploads.begin({ exchangeId: 'f', replyQueue: 'r' }, request as unknown as ClientRequest);
    isClientThere = false;
    clock.advance(STILL_THERE_MS);
    await turns();
    expect(request.destroyed).toBe(true);
  });
});
