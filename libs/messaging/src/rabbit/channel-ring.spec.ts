import type { Channel } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { ChannelRing } from './channel-ring.js';

describe('ChannelRing', () => {
  it('gives its channels in turn, each opened once', async () => {
    let opened = 0;
    const ring = new ChannelRing(3, async () => ({ number: opened++ }) as unknown as Channel);
    const given = await Promise.all(Array.from({ length: 7 }, () => ring.next()));
    expect(given).toEqual([0, 1, 2, 0, 1, 2, 0].map((number) => ({ number })));
    expect(opened).toBe(3);
  });
});
