import 'reflect-metadata';
import { Controller, type INestApplicationContext, Module } from '@nestjs/common';
import {
  type AgentHeartbeat,
  AgentHeartbeatV1,
  type AgentStateChanged,
  AgentStateChangedV1,
  ContractError,
  type Partition,
  type PartitionCounts,
  type QuotaSnapshot,
  QuotaSnapshotV1,
  queueOf,
  type UnregisterAgent,
  UnregisterAgentV1,
} from '@tranche/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Handles } from './handles.js';
import type { MessageBus, MessageContext } from './message-bus.js';
import type { DeadLetter } from './message-dispatcher.js';

/** What is said of a message that could not be handled. */
export type KeptMessage = Omit<DeadLetter, 'message'>;

/** One transport under test: applications with the same handlers, and buses of senders. */
export interface TransportHarness {
  /** Starts an application with this module on a queue. @param partition what comes there of a service that is cut */
  serve(module: new () => object, queue: string, partition?: Partition): Promise<INestApplicationContext>;
  bus(service: string, partitions?: PartitionCounts): MessageBus;
  /** What was kept aside since the last call. */
  deadLetters(): Promise<KeptMessage[]>;
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

      @Handles(UnregisterAgentV1)
      unregistered(items: UnregisterAgent[], context: MessageContext): Promise<void> {
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

    it('numbers commands too, so that a snapshot says which were sent before it', async () => {
      const bus = harness.bus('registry');
      void bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }]);
      expect(bus.factNumbers()).toEqual({ source: bus.source, numbers: { 'agent.heartbeat.v1': 1 } });
      void bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S1' }]);
      await until(2);
      expect(seen.map(({ context: { source, sequence } }) => [source, sequence])).toEqual([
        ...[1, 2].map((sequence) => [bus.source, sequence]),
      ]);
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

    it('does not ask what was withdrawn before', async () => {
      failures.push(new Error('it was asked'));
      const signal = AbortSignal.abort(new Error('the client has gone'));
      const asked = harness.bus('allocator').ask(QuotaSnapshotV1, queueOf('registry'), {}, { signal });
      await expect(asked).rejects.toThrow('the client has gone');
      await expect(harness.bus('offers').ask(QuotaSnapshotV1, queueOf('registry'), {})).rejects.toThrow('it was asked');
    });

    it('waits for no answer of what is withdrawn', async () => {
      const withdrawal = new AbortController();
      const asked = harness.bus('allocator').ask(QuotaSnapshotV1, queueOf('registry'), {}, withdrawal);
      withdrawal.abort(new Error('the client has gone'));
      await expect(asked).rejects.toThrow('the client has gone');
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

    it('takes messages to each of many queues that were declared at once', async () => {
      const bus = harness.bus('registry');
      const queues = Array.from({ length: 50 }, (_none, i) => queueOf('agent', `many-${i}`));
      await Promise.all(queues.map((queue) => bus.declareQueue(queue)));
      const sent = queues.map((queue) => bus.send(AgentHeartbeatV1, queue, [{ agentId: queue }]));
      expect((await Promise.allSettled(sent)).filter(({ status }) => status !== 'fulfilled')).toEqual([]);
    });

    it('tries again after a transient fault, before the next message', async () => {
      failures.push(Object.assign(new Error('locked'), { retryable: true }));
      const bus = harness.bus('agent');
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }]);
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S1' }]);
      await until(2);
      expect(seen.map((message) => message.items)).toEqual([[{ agentId: 'S0' }], [{ agentId: 'S1' }]]);
      expect(await harness.deadLetters()).toEqual([]);
    });

    it('puts a message that cannot be handled among the dead letters and goes on', async () => {
      failures.push(new ContractError('agent.heartbeat.v1', '/agentId', 'is odd'));
      const bus = harness.bus('agent');
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }]);
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S1' }]);
      await until(1);
      expect(seen[0]?.items).toEqual([{ agentId: 'S1' }]);
      expect(await harness.deadLetters()).toEqual([
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
      const kept: KeptMessage[] = [];
      await expect
        .poll(async () => kept.push(...(await harness.deadLetters())), { interval: 10, timeout: 5_000 })
        .toBe(1);
      expect(kept[0]?.finding).toContain('/agentId');
    });

    it('gives up on a message whose handler fails again and again, and says why', { timeout: 20_000 }, async () => {
      for (let tries = 0; tries < 5; tries++)
        failures.push(Object.assign(new Error('locked'), { code: 'persistence/locked', retryable: true }));
      const bus = harness.bus('agent');
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S0' }]);
      await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: 'S1' }]);
      await until(1);
      expect(seen[0]?.items).toEqual([{ agentId: 'S1' }]);
      expect(await harness.deadLetters()).toEqual([
        { pattern: 'agent.heartbeat.v1', code: 'persistence/locked', finding: 'locked' },
      ]);
    });

    it('keeps the order of one sender to one queue over several contracts', async () => {
      const bus = harness.bus('registry');
      const queue = queueOf('registry');
      const rounds = ['S1', 'S2', 'S3'];
      await Promise.all(
        rounds.flatMap((agentId) => [
          bus.send(AgentHeartbeatV1, queue, [{ agentId }]),
          bus.send(UnregisterAgentV1, queue, [{ agentId, reason: 'stopped' }]),
        ]),
      );
      await until(6);
      expect(seen.map(({ context, items: [first] }) => [context.pattern, (first as AgentHeartbeat).agentId])).toEqual(
        rounds.flatMap((agentId) => [
          ['agent.heartbeat.v1', agentId],
          ['unregister-agent.v1', agentId],
        ]),
      );
    });

    it('delivers what is sent after a fact after the fact', async () => {
      const bus = harness.bus('registry');
      for (const agentId of ['S1', 'S2', 'S3']) {
        bus.publish(AgentStateChangedV1, [stateChange(agentId)]);
        await bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId }]);
      }
      await until(6);
      expect(seen.map(({ context }) => context.pattern)).toEqual(
        [1, 2, 3].flatMap(() => ['agent.state-changed.v1', 'agent.heartbeat.v1']),
      );
    });

    it('takes thousands of sendings at once and delivers their items in order', { timeout: 30_000 }, async () => {
      const bus = harness.bus('agent');
      const count = 3_000;
      const sent: Promise<void>[] = [];
      for (let turn = 0; turn < count; turn++) {
        sent.push(bus.send(AgentHeartbeatV1, queueOf('registry'), [{ agentId: `S${turn}` }]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(sent);
      // How many messages they travel in is the transport's business.
      const items = (): AgentHeartbeat[] => seen.flatMap((message) => message.items as AgentHeartbeat[]);
      await expect.poll(() => items().length, { interval: 5, timeout: 20_000 }).toBe(count);
      expect(items().map(({ agentId }) => agentId)).toEqual(Array.from({ length: count }, (_, index) => `S${index}`));
    });

    it('divides what is given in one turn into messages of bounded size', async () => {
      const items = Array.from({ length: 2_500 }, (_, index) => ({ agentId: `S${index}` }));
      await harness.bus('agent').send(AgentHeartbeatV1, queueOf('registry'), items);
      await until(3);
      expect(seen.map((message) => message.items.length)).toEqual([1_000, 1_000, 500]);
      expect(seen.flatMap((message) => message.items)).toEqual(items);
    });
  });
}
