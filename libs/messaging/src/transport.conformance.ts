import 'reflect-metadata';
import { Controller, type INestApplicationContext, Module } from '@nestjs/common';
import {
  type AgentHeartbeat,
  AgentHeartbeatV1,
  type AgentStateChanged,
  AgentStateChangedV1,
  ContractError,
  type QuotaSnapshot,
  QuotaSnapshotV1,
  queueOf,
} from '@tranche/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Handles } from './handles.js';
import type { MessageBus, MessageContext } from './message-bus.js';
import type { DeadLetter } from './message-dispatcher.js';

/** One transport under test: applications with the same handlers, and buses of senders. */
export interface TransportHarness {
  /** Starts an application with this module on the queue of a service. */
  serve(module: new () => object, queue: string): Promise<INestApplicationContext>;
  bus(service: string): MessageBus;
  readonly deadLetters: DeadLetter[];
  stop(): Promise<void>;
}

interface Seen {
  readonly items: unknown[];
  readonly context: MessageContext;
}

const stateChange = (agentId: string): AgentStateChanged => ({
  agentId,
  state: 'unreachable',
  reason: 'silent',
  atMs: 1,
});

/** What every transport must hold. Each implementation's spec calls it. */
export function describeTransport(name: string, start: () => Promise<TransportHarness>): void {
  describe(`${name} transport`, () => {
    let harness: TransportHarness;
    let seen: Seen[];
    let failures: Error[];

    const handle = async (items: unknown[], context: MessageContext): Promise<void> => {
      const failure = failures.shift();
      if (failure) throw failure;
      seen.push({ items, context });
    };

    @Controller()
    class Consumer {
      @Handles(AgentHeartbeatV1)
      heartbeats(items: AgentHeartbeat[], context: MessageContext): Promise<void> {
        return handle(items, context);
      }

      @Handles(AgentStateChangedV1)
      changes(items: AgentStateChanged[], context: MessageContext): Promise<void> {
        return handle(items, context);
      }

      @Handles(QuotaSnapshotV1)
      snapshot(): QuotaSnapshot {
        const failure = failures.shift();
        if (failure) throw failure;
        return { asOf: { source: 's', numbers: {} }, roles: [{ name: 'web', weight: 2 }] };
      }
    }

    @Module({ controllers: [Consumer] })
    class ConsumerModule {}

    const until = async (count: number): Promise<void> => {
      await expect.poll(() => seen.length, { interval: 1, timeout: 5_000 }).toBe(count);
    };

    beforeEach(async () => {
      seen = [];
      failures = [];
      harness = await start();
      await harness.serve(ConsumerModule, queueOf('registry'));
    });
    afterEach(() => harness.stop());

    it('joins the items of one turn into one message and keeps the order of messages', async () => {
      const bus = harness.bus('agent');
      const sent = [
        bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }]),
        bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S1' }, { agentId: 'S2' }]),
      ];
      await Promise.all(sent);
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S3' }]);
      await until(2);
      expect(seen.map((message) => message.items)).toEqual([
        [{ agentId: 'S0' }, { agentId: 'S1' }, { agentId: 'S2' }],
        [{ agentId: 'S3' }],
      ]);
    });

    it('numbers the facts of a source from 1 and counts those of the current turn', async () => {
      const bus = harness.bus('registry');
      bus.publish(AgentStateChangedV1, [stateChange('S0')]);
      const numbers = bus.factNumbers();
      expect(numbers.numbers).toEqual({ 'agent.state-changed.v1': 1 });
      bus.publish(AgentStateChangedV1, [stateChange('S1')]);
      await until(2);
      expect(seen.map((message) => message.context.sequence)).toEqual([1, 2]);
      expect(seen.map((message) => message.context.source)).toEqual([numbers.source, numbers.source]);
    });

    it('gives receivers copies', async () => {
      const item = stateChange('S0');
      harness.bus('registry').publish(AgentStateChangedV1, [item]);
      await until(1);
      expect(seen[0]?.items).toEqual([item]);
      expect(seen[0]?.items[0]).not.toBe(item);
    });

    it('answers queries and hands on the code and text of a failure', async () => {
      const bus = harness.bus('allocator');
      const answer = await bus.ask(QuotaSnapshotV1, queueOf('registry'), {});
      expect(answer.roles).toEqual([{ name: 'web', weight: 2 }]);
      failures.push(Object.assign(new Error('not ready'), { code: 'quota/not-ready' }));
      await expect(bus.ask(QuotaSnapshotV1, queueOf('registry'), {})).rejects.toMatchObject({
        code: 'quota/not-ready',
        message: 'not ready',
      });
    });

    it('refuses commands and queries to a queue that does not exist', async () => {
      const bus = harness.bus('offers');
      const queue = queueOf('agent', 'nobody');
      await expect(bus.send(AgentHeartbeatV1, queue, [{ agentId: 'S0' }])).rejects.toMatchObject({
        code: 'messaging/unroutable',
        queue,
      });
      await expect(bus.ask(QuotaSnapshotV1, queue, {}, { timeoutMs: 1_000 })).rejects.toMatchObject({
        code: 'messaging/unroutable',
      });
    });

    it('keeps messages in a declared queue until it has a consumer', async () => {
      const bus = harness.bus('offers');
      const queue = queueOf('agent', 'late');
      await bus.declareQueue(queue);
      await bus.send(AgentHeartbeatV1, queue, [{ agentId: 'S0' }]);
      await harness.serve(ConsumerModule, queue);
      await until(1);
    });

    it('tries again after a transient fault, before the next message', async () => {
      failures.push(Object.assign(new Error('locked'), { retryable: true }));
      const bus = harness.bus('agent');
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }]);
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S1' }]);
      await until(2);
      expect(seen.map((message) => message.items)).toEqual([[{ agentId: 'S0' }], [{ agentId: 'S1' }]]);
      expect(harness.deadLetters).toEqual([]);
    });

    it('puts a message that cannot be handled among the dead letters and goes on', async () => {
      failures.push(new ContractError('agent.heartbeat.v1', '/agentId', 'is odd'));
      const bus = harness.bus('agent');
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }]);
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S1' }]);
      await until(1);
      expect(seen[0]?.items).toEqual([{ agentId: 'S1' }]);
      expect(harness.deadLetters).toEqual([
        {
          pattern: 'agent.heartbeat.v1',
          code: 'contracts/invalid-message',
          finding: 'message agent.heartbeat.v1 is invalid at /agentId: is odd',
        },
      ]);
    });

    it('puts a malformed item among the dead letters with the path of the fault', async () => {
      const malformed = { agentId: 7 } as unknown as AgentHeartbeat;
      await harness.bus('agent').send(AgentHeartbeatV1, queueOf('registry'), [malformed]);
      await expect.poll(() => harness.deadLetters.length, { interval: 1 }).toBe(1);
      expect(harness.deadLetters[0]?.finding).toContain('/agentId');
    });
  });
}
