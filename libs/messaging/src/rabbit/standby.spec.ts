import { silentLogger } from '@tranche/telemetry';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { expect, it } from 'vitest';
import type { IncomingMessage } from '../message-dispatcher.js';
import type { QueueHandler } from './queue-consumer.js';
import type { RabbitConnection } from './rabbit-connection.js';
import { settingsOf } from './rabbit-options.js';
import { type Place, Standby } from './standby.js';

/** A broker's side of one connection: what it delivers goes to the consumer of the queue. */
function connectionOf(deliveries: ((message: ConsumeMessage) => void)[]): ChannelModel {
  const channel = {
    on: () => undefined,
    prefetch: async () => undefined,
    assertQueue: async () => undefined,
    bindQueue: async () => undefined,
    consume: async (_queue: string, take: (message: ConsumeMessage) => void) => {
      deliveries.push(take);
      return { consumerTag: 'c' };
    },
    publish: () => true,
    ack: () => undefined,
    cancel: async () => undefined,
    close: async () => undefined,
  };
  return { createChannel: async () => channel } as unknown as ChannelModel;
}
const message = (body: string): ConsumeMessage =>
  ({ content: Buffer.from(body), properties: {}, fields: { redelivered: false } }) as ConsumeMessage;
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

it('gives nothing to a life that was lost while it started', async () => {
  const seen: string[] = [];
  const handlerOf = (name: string): QueueHandler => ({
    ...{ facts: [], answersQueries: false, answer: async () => '' },
    take: async ({ body }: IncomingMessage) => void seen.push(`${name}: ${body}`),
    abandon: () => void seen.push(`${name} is abandoned`),
  });
  const places: Place[] = [];
  const stopping = Promise.withResolvers<void>();
  const connection = { use: async () => () => undefined, reset: () => undefined } as unknown as RabbitConnection;
  const standby = new Standby('offers', connection, settingsOf({ url: 'amqp://b' }), silentLogger, (place) => {
    places.push(place);
    return { started: new Promise<void>(() => undefined), stop: () => stopping.promise };
  });
  const deliveries: ((given: ConsumeMessage) => void)[] = [];
  await standby.opened(connectionOf(deliveries));
  deliveries[0]?.(message('one'));
  standby.lost();
  await places[0]?.attach(handlerOf('first'));
  stopping.resolve();
  await standby.opened(connectionOf(deliveries));
  deliveries[1]?.(message('one, again'));
  await places[1]?.attach(handlerOf('second'));
  await turn();
  expect(seen).toEqual(['first is abandoned', 'second: one, again']);
  await standby.stop();
});
