import { FakeClock, silentLogger } from '@tranche/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { MarksBus } from './marks.bus.js';

describe('MarksBus', () => {
  let sent: [pattern: string, queue: string, mark: string][];
  let isAway: boolean;
  let clock: FakeClock;
  let marks: MarksBus;
  let over: string[];
  beforeEach(() => {
    sent = [];
    over = [];
    isAway = false;
    clock = new FakeClock();
    const send = async ({ pattern }: { pattern: string }, queue: string, [item]: readonly [{ mark: string }]) => {
      if (isAway) throw new Error('broker away');
      sent.push([pattern, queue, item.mark]);
    };
    marks = new MarksBus({ send: send as never }, clock, silentLogger, { offers: 2 });
  });
  const settled = () => new Promise((resolve) => void setImmediate(resolve));
  const begin = (way: 'throughOffers' | 'throughAllocator'): void => void marks[way]().then(() => over.push(way));

  it('waits until every partition has stated the mark', async () => {
    begin('throughOffers');
    await settled();
    expect(sent.map(([pattern, queue]) => [pattern, queue])).toEqual([
      ['state-mark.v1', 'offers'],
      ['state-mark.v1', 'offers.1'],
    ]);
    const mark = sent[0]?.[2] ?? '';
    marks.stated({ mark, partition: 1 });
    marks.stated({ mark: 'of somebody else', partition: 0 });
    await settled();
    expect(over).toEqual([]);
    marks.stated({ mark, partition: 0 });
    await settled();
    expect(over).toEqual(['throughOffers']);
  });

  it('sends it through the allocator alone, behind what was stated', async () => {
    begin('throughAllocator');
    await settled();
    expect(sent.map(([pattern, queue]) => [pattern, queue])).toEqual([['pass-mark.v1', 'allocator']]);
  });

  it('does not wait long for who is away, nor at all for who cannot be reached', async () => {
    begin('throughOffers');
    await settled();
    clock.advance(2_000);
    await settled();
    isAway = true;
    begin('throughAllocator');
    await settled();
    expect(over).toEqual(['throughOffers', 'throughAllocator']);
  });
});
