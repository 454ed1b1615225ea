import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { type Logger, silentLogger } from '@tranche/telemetry';
import type { ChannelModel } from 'amqplib';
import { beforeEach, describe, expect, it } from 'vitest';
import { RabbitConnection } from './rabbit-connection.js';
import { settingsOf } from './rabbit-options.js';

/** What amqplib connects to a broker that is there. */
class FakeModel extends EventEmitter {
  isClosed = false;

  /** @param connection with the stream that is written to; undefined: an amqplib that keeps it elsewhere */
  constructor(readonly connection: { stream: PassThrough } | undefined) {
    super();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const working = (): FakeModel => new FakeModel({ stream: new PassThrough() });

describe('RabbitConnection', () => {
  let models: FakeModel[];
  let logged: [message: string, error: unknown][];
  let logger: Logger;
  beforeEach(() => {
    logged = [];
    logger = { ...silentLogger, warn: (message, fields) => void logged.push([message, fields?.['error']]) };
  });
  const connecting = (...given: FakeModel[]): RabbitConnection => {
    models = [...given];
    const next = async (): Promise<ChannelModel> => models.shift() as unknown as ChannelModel;
    return new RabbitConnection('test', settingsOf({ url: 'amqp://127.0.0.1' }), logger, next);
  };

  it('tries again, with a line in the log, when what it has connected cannot be used', async () => {
    const broken = new FakeModel(undefined);
    const connection = connecting(broken, working());
    connection.start();
    await expect.poll(() => connection.state).toBe(true);
    expect([logged, broken.isClosed]).toEqual([[['the broker cannot be reached', expect.any(TypeError)]], true]);
    await connection.close();
  });

  it('connects once more, not twice, when it is lost while its users set up', async () => {
    const lost = working();
    const connection = connecting(lost, working(), working());
    await connection.use({
      opened: async (model) => {
        if ((model as unknown) !== lost) return;
        lost.emit('close', new Error('gone'));
        throw new Error('no channel');
      },
      lost: () => undefined,
    });
    connection.start();
    await expect.poll(() => connection.state).toBe(true);
    expect([models.length, logged.map(([message]) => message)]).toEqual([1, ['connection to the broker is lost']]);
    await connection.close();
  });

  it('is not put out by the error of a connection that it has given up', async () => {
    const broken = new FakeModel(undefined);
    const connection = connecting(broken, working());
    connection.start();
    await expect.poll(() => connection.state).toBe(true);
    broken.emit('error', new Error('late'));
    expect(connection.state).toBe(true);
    await connection.close();
  });
});
