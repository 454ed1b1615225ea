import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import {
  type UnregisterAgent,
  UnregisterAgentV1,
  type QuotaSnapshot,
  QuotaSnapshotV1,
  queueOf,
} from '@tranche/contracts';
import { brokerMissing } from '@tranche/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Handles } from '../handles.js';
import type { AskOptions } from '../message-bus.js';
import type { ServiceHost } from '../service-host.js';
import { RabbitBroker } from './testing/rabbit-broker.fakes.js';
import { RabbitHarness } from './testing/rabbit-harness.fakes.js';
import { TcpProxy } from './testing/tcp-proxy.fakes.js';
import { withBroker } from './testing/with-broker.fakes.js';

const QUEUE = queueOf('registry');
const FAST = { heartbeatSeconds: 1 };

/** Who consumed what, in order; a handler can be held in the middle of a message. */
class Log {
  readonly seen: string[] = [];
  /** Questions that were answered. */
  asked = 0;
  private gate: PromiseWithResolvers<void> | undefined;
  private entered = Promise.withResolvers<void>();

  /** From now on handlers wait. @returns settles when the first one does */
  hold(): Promise<void> {
    this.gate = Promise.withResolvers();
    this.entered = Promise.withResolvers();
    return this.entered.promise;
  }

  go(): void {
    this.gate?.resolve();
    this.gate = undefined;
  }

  async note(consumer: string, items: readonly UnregisterAgent[]): Promise<void> {
    this.entered.resolve();
    await this.gate?.promise;
    for (const { agentId } of items) this.seen.push(`${consumer}:${agentId}`);
  }
}

function moduleOf(name: string, log: Log): new () => object {
  @Controller()
  class Consumer {
    @Handles(UnregisterAgentV1)
    unregistered(items: UnregisterAgent[]): Promise<void> {
      return log.note(name, items);
    }

    @Handles(QuotaSnapshotV1)
    async snapshot(): Promise<QuotaSnapshot> {
      log.asked++;
      return { asOf: { source: name, numbers: {} }, roles: [] };
    }
  }

  @Module({ controllers: [Consumer] })
  class ConsumerModule {}
  return ConsumerModule;
}

const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `S${from + i}`);

/** Sends one message each. */
const sendEach = (host: ServiceHost, agentIds: readonly string[]): Promise<void>[] => {
  const sent: Promise<void>[] = [];
  for (const agentId of agentIds) {
    sent.push(host.bus.send(UnregisterAgentV1, QUEUE, [{ agentId, reason: 'test' }]));
    host.bus.factNumbers(); // closes the batch
  }
  return sent;
};

describe.skipIf(brokerMissing())('RabbitMQ and what goes wrong', { timeout: 60_000 }, () => {
  const broker = withBroker();
  let harness: RabbitHarness;
  let log: Log;
  let way: TcpProxy;
  let wayUrl: string;

  beforeEach(async () => {
    ({ proxy: way, url: wayUrl } = await TcpProxy.before(broker.url));
    harness = new RabbitHarness({ url: wayUrl, ...FAST }, broker.url);
    log = new Log();
  });
  afterEach(async () => {
    log.go();
    await way.mend();
    await harness.stop();
    await way.cut();
  });

  it('delivers again what a killed consumer had not finished, to the next in line, in order', async () => {
    const first = await TcpProxy.before(broker.url);
    await harness.serveBy(harness.host('a', { url: first.url }), moduleOf('a', log), QUEUE);
    await harness.serveBy(harness.host('b'), moduleOf('b', log), QUEUE);
    const sender = harness.host('agent');
    await Promise.all(sendEach(sender, ids(0, 3)));
    await expect.poll(() => log.seen).toEqual(['a:S0', 'a:S1', 'a:S2']);
    const isInside = log.hold();
    await Promise.all(sendEach(sender, ids(3, 6)));
    await isInside;
    await first.proxy.cut();
    log.go();
    await expect
      .poll(() => log.seen.filter((entry) => entry.startsWith('b:')), { timeout: 20_000 })
      .toEqual(['b:S3', 'b:S4', 'b:S5']);
  });

  it('lets one consumer work and the others wait', async () => {
    await harness.serveBy(harness.host('a'), moduleOf('a', log), QUEUE);
    await harness.serveBy(harness.host('b'), moduleOf('b', log), QUEUE);
    const sender = harness.host('agent');
    await Promise.all(sendEach(sender, ids(0, 20)));
    await expect.poll(() => log.seen).toEqual(ids(0, 20).map((id) => `a:${id}`));
    const { asOf } = await sender.bus.ask(QuotaSnapshotV1, QUEUE, {});
    expect(asOf.source).toBe('a');
  });

  it('sends what was said while the broker was away, once and in order', async () => {
    await harness.serveBy(harness.host('a'), moduleOf('a', log), QUEUE);
    const sender = harness.host('agent');
    await Promise.all(sendEach(sender, ids(0, 5)));
    await way.cut();
    const sent = sendEach(sender, ids(5, 50));
    await expect.poll(() => sender.readiness()['broker']).not.toBe(true);
    await way.mend();
    await Promise.all(sent);
    await expect.poll(() => log.seen, { timeout: 20_000 }).toEqual(ids(0, 50).map((id) => `a:${id}`));
    expect(sender.readiness()['broker']).toBe(true);
  });

  it('tells each time that the broker is back, and not at the first', async () => {
    await harness.serveBy(harness.host('a', { url: broker.url }), moduleOf('a', log), QUEUE);
    const sender = harness.host('agent');
    let restored = 0;
    const end = sender.bus.onRestored(() => restored++);
    await Promise.all(sendEach(sender, ids(0, 1)));
    expect(restored).toBe(0);
    const reconnect = async () => {
      await way.cut();
      await expect.poll(() => sender.readiness()['broker']).not.toBe(true);
      await way.mend();
      await expect.poll(() => sender.readiness()['broker'], { timeout: 20_000 }).toBe(true);
    };
    await reconnect();
    await expect.poll(() => restored).toBe(1);
    end();
    await reconnect();
    await sender.bus.declareQueue('agent.restored');
    expect(restored).toBe(1);
  });

  it('handles a message once although its confirm was lost on the way', async () => {
    await harness.serveBy(harness.host('a', { url: broker.url }), moduleOf('a', log), QUEUE);
    const sender = harness.host('agent');
    await Promise.all(sendEach(sender, ids(0, 1)));
    for (let round = 0; round < 5; round++) {
      const sent = sendEach(sender, ids(1 + round * 20, 21 + round * 20));
      await new Promise((resolve) => setImmediate(resolve));
      await way.cut();
      await way.mend();
      await Promise.all(sent);
    }
    await expect.poll(() => log.seen, { timeout: 20_000 }).toEqual(ids(0, 101).map((id) => `a:${id}`));
  });

  it('refuses what cannot wait for the broker, and says so', async () => {
    await harness.serveBy(harness.host('a', { url: broker.url }), moduleOf('a', log), QUEUE);
    const sender = harness.host('agent', { maxWaitingMessages: 3, waitMs: 300 });
    await Promise.all(sendEach(sender, ids(0, 1)));
    await way.cut();
    await expect.poll(() => sender.readiness()['broker']).not.toBe(true);
    const results = await Promise.allSettled(sendEach(sender, ids(1, 6)));
    expect(
      results.map(({ status, ...rest }) => [status, (rest as { reason?: { code: string } }).reason?.code]),
    ).toEqual(Array.from({ length: 5 }, () => ['rejected', 'messaging/broker-away']));
    await expect(sender.bus.ask(QuotaSnapshotV1, QUEUE, {}, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'messaging/broker-away',
    });
    await way.mend();
    await expect.poll(() => sender.readiness()['broker'], { timeout: 10_000 }).toBe(true);
    await Promise.all(sendEach(sender, ids(6, 7)));
    await expect.poll(() => log.seen, { timeout: 20_000 }).toEqual(['a:S0', 'a:S6']);
  });

  it('does not ask what was withdrawn while the broker was away', async () => {
    await harness.serveBy(harness.host('a', { url: broker.url }), moduleOf('a', log), QUEUE);
    const sender = harness.host('agent');
    await Promise.all(sendEach(sender, ids(0, 1)));
    await way.cut();
    await expect.poll(() => sender.readiness()['broker']).not.toBe(true);
    const withdrawal = new AbortController();
    const ask = (options: AskOptions) => sender.bus.ask(QuotaSnapshotV1, QUEUE, {}, { timeoutMs: 20_000, ...options });
    const withdrawn = ask({ signal: withdrawal.signal });
    const other = ask({});
    withdrawal.abort(new Error('the client has gone'));
    await expect(withdrawn).rejects.toThrow('the client has gone');
    await way.mend();
    await other;
    expect(log.asked).toBe(1);
  });

  it('holds a sender back while the consumer is slow, and loses nothing', async () => {
    await harness.serveBy(harness.host('a', { prefetch: 10 }), moduleOf('a', log), QUEUE);
    const sender = harness.host('agent', { confirmWindow: 8 });
    const isInside = log.hold();
    const sent = sendEach(sender, ids(0, 500));
    await isInside;
    await Promise.all(sent);
    log.go();
    await expect.poll(() => log.seen, { timeout: 20_000 }).toEqual(ids(0, 500).map((id) => `a:${id}`));
  });

  it('takes a silent connection for lost, so that the next consumer can go on', async () => {
    const first = await TcpProxy.before(broker.url);
    await harness.serveBy(harness.host('a', { url: first.url }), moduleOf('a', log), QUEUE);
    await harness.serveBy(harness.host('b', { url: broker.url }), moduleOf('b', log), QUEUE);
    first.proxy.freeze();
    const sender = harness.host('agent');
    await Promise.all(sendEach(sender, ids(0, 3)));
    await expect.poll(() => log.seen, { timeout: 20_000 }).toEqual(['b:S0', 'b:S1', 'b:S2']);
    await first.proxy.cut();
  });

  it('never shows the password', () => {
    const lines: string[] = [];
    const take = (message: string, fields = {}): void => void lines.push(message + JSON.stringify(fields));
    const logger = { debug: take, info: take, warn: take, error: take };
    const host = harness.host('agent', { url: 'amqp://tranche:hunter2@127.0.0.1:1/mesh' }, logger);
    return expect
      .poll(() => host.readiness()['broker'])
      .toContain('ECONNREFUSED')
      .then(() => {
        expect(lines.join('\n')).toContain('amqp://127.0.0.1:1/mesh');
        expect(lines.join('\n')).not.toContain('hunter2');
      });
  });
});

describe.skipIf(!RabbitBroker.isInstalled)('a RabbitMQ that is killed and started again', { timeout: 120_000 }, () => {
  let broker: RabbitBroker;
  beforeAll(async () => {
    broker = await RabbitBroker.start();
  }, 60_000);
  afterAll(() => broker.remove());

  it.each(['classic'] as const)('loses nothing that it has confirmed: %s queues', async (queueType) => {
    const harness = new RabbitHarness({ url: broker.url, queueType, ...FAST });
    const log = new Log();
    const consumer = await harness.serveBy(harness.host('a'), moduleOf('a', log), QUEUE);
    const sender = harness.host('agent');
    await Promise.all(sendEach(sender, ids(0, 10)));
    await expect.poll(() => log.seen.length).toBe(10);
    await consumer.close();
    await Promise.all(sendEach(sender, ids(10, 20)));
    await broker.kill();
    const sent = sendEach(sender, ids(20, 30));
    await broker.run();
    await Promise.all(sent);
    await harness.serveBy(harness.host('b'), moduleOf('b', log), QUEUE);
    const expected = [...ids(0, 10).map((id) => `a:${id}`), ...ids(10, 30).map((id) => `b:${id}`)];
    await expect.poll(() => log.seen, { timeout: 30_000 }).toEqual(expected);
    await harness.stop();
  });
});
