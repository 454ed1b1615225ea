import { EventEmitter } from 'node:events';
import type { ChannelModel } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { QueueDepths } from './queue-depths.js';
import type { ConnectionUser } from './rabbit-connection.js';
import { settingsOf } from './rabbit-options.js';
import { Topology } from './topology.js';

/** A broker with these queues: AMQP ends a channel that asks for another. */
class FakeBroker {
  channels = 0;
  isSlow = false;
  constructor(private readonly queues: Readonly<Record<string, readonly [messages: number, consumers: number]>>) {}

  async createChannel(): Promise<object> {
    this.channels++;
    let isOpen = true;
    return Object.assign(new EventEmitter(), {
      checkQueue: async (queue: string) => {
        if (this.isSlow) await new Promise(() => undefined);
        if (!isOpen) throw new Error('channel is closed');
        const found = this.queues[queue];
        if (found !== undefined) return { queue, messageCount: found[0], consumerCount: found[1] };
        isOpen = false;
        throw Object.assign(new Error('Operation failed'), { code: 404 });
      },
      close: async () => undefined,
    });
  }
}

function depthsOver(broker: FakeBroker, timeoutMs = 1_000): { depths: QueueDepths; users: ConnectionUser[] } {
  const users: ConnectionUser[] = [];
  const connection = {
    use: async (user: ConnectionUser) => {
      users.push(user);
      await user.opened(broker as unknown as ChannelModel);
      return () => undefined;
    },
  };
  const topology = new Topology(settingsOf({ url: 'amqp://127.0.0.1', namespace: 'm' }));
  return { depths: new QueueDepths(connection, topology, timeoutMs), users };
}

describe('QueueDepths', () => {
  it('tells what waits, leaves out what does not exist, and goes on over another channel', async () => {
    const broker = new FakeBroker({ 'm.offers': [3, 2], 'm.offers.queries': [0, 1], 'm.dead-letters': [7, 0] });
    const { depths, users } = depthsOver(broker);
    const expected = [
      { name: 'offers', messages: 3, consumers: 2 },
      { name: 'offers.queries', messages: 0, consumers: 1 },
      { name: 'dead-letters', messages: 7, consumers: 0 },
    ];
    expect(await depths.read(['offers', 'gone'])).toEqual(expected);
    expect(await depths.read(['offers'])).toEqual(expected);
    expect(users).toHaveLength(1);
  });

  it('says that the broker is away, or slow', async () => {
    const broker = new FakeBroker({});
    const { depths, users } = depthsOver(broker, 20);
    await depths.read([]);
    broker.isSlow = true;
    await expect(depths.read(['offers'])).rejects.toThrow('within 20 ms');
    for (const user of users) user.lost();
    await expect(depths.read(['offers'])).rejects.toMatchObject({ code: 'messaging/broker-away' });
  });
});
