import 'reflect-metadata';
import { Controller, type INestApplicationContext, Module } from '@nestjs/common';
import {
  type NoteTaskDetail,
  NoteTaskDetailV1,
  type Partition,
  partitionOf,
  partitionQueueOf,
  partitionsOf,
} from '@tranche/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Handles } from './handles.js';
import type { MessageBus } from './message-bus.js';
import type { KeptMessage, TransportHarness } from './transport.conformance.js';

const COUNT = 3;
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const SOON = { interval: 5, timeout: 10_000 };

const detail = (frameworkId: string, taskId: string): NoteTaskDetail => ({
  ...{ agentId: 'S', frameworkId, taskId },
  containerId: 'c',
});

/** What a transport must hold of a service that is cut into partitions. Each implementation's spec calls it. */
export function describePartitions(name: string, start: () => Promise<TransportHarness>): void {
  describe(`${name} transport with partitions`, () => {
    let harness: TransportHarness;
    let bus: MessageBus;
    /** By index of the partition. */
    let seen: NoteTaskDetail[][];
    let serving: INestApplicationContext[];

    const serve = (partition: Partition): Promise<INestApplicationContext> => {
      @Controller()
      class Consumer {
        @Handles(NoteTaskDetailV1)
        async details(items: NoteTaskDetail[]): Promise<void> {
          seen[partition.index]?.push(...items);
        }
      }
      @Module({ controllers: [Consumer] })
      class ConsumerModule {}
      return harness.serve(ConsumerModule, partitionQueueOf('offers', partition.index), partition);
    };
    const ofKey = (key: string): NoteTaskDetail[] => seen.flat().filter(({ frameworkId }) => frameworkId === key);

    beforeEach(async () => {
      harness = await start();
      seen = partitionsOf(COUNT).map(() => []);
      serving = [];
      for (const partition of partitionsOf(COUNT)) serving.push(await serve(partition));
      bus = harness.bus('agent', { offers: COUNT });
    });
    afterEach(() => harness.stop());

    it('brings everything of a key to one partition, in order', async () => {
      for (let round = 0; round < 20; round++) {
        await bus.send(
          NoteTaskDetailV1,
          'offers',
          KEYS.map((key) => detail(key, String(round))),
        );
      }
      await expect.poll(() => seen.flat().length, SOON).toBe(20 * KEYS.length);
      for (const key of KEYS) {
        expect(seen[partitionOf(key, COUNT)]).toEqual(expect.arrayContaining(ofKey(key)));
        expect(ofKey(key).map(({ taskId }) => Number(taskId))).toEqual(Array.from({ length: 20 }, (_, at) => at));
      }
      expect(seen.filter(({ length }) => length > 0).length).toBe(
        new Set(KEYS.map((key) => partitionOf(key, COUNT))).size,
      );
    });

    it('keeps what is for a partition without a consumer, while the others work', async () => {
      const away = partitionOf('a', COUNT);
      await serving[away]?.close();
      for (let round = 0; round < 5; round++) {
        await bus.send(
          NoteTaskDetailV1,
          'offers',
          KEYS.map((key) => detail(key, String(round))),
        );
      }
      const others = KEYS.filter((key) => partitionOf(key, COUNT) !== away);
      await expect.poll(() => seen.flat().length, SOON).toBe(5 * others.length);
      expect(ofKey('a')).toEqual([]);
      await serve({ index: away, count: COUNT });
      await expect.poll(() => seen.flat().length, SOON).toBe(5 * KEYS.length);
      expect(ofKey('a').map(({ taskId }) => taskId)).toEqual(['0', '1', '2', '3', '4']);
    });

    it('keeps aside what a sender brings to the wrong partition, and says why', async () => {
      const wrong = (partitionOf('a', COUNT) + 1) % COUNT;
      await bus.send(NoteTaskDetailV1, partitionQueueOf('offers', wrong), [detail('a', '0')]);
      const kept: KeptMessage[] = [];
      await expect.poll(async () => kept.push(...(await harness.deadLetters())), SOON).toBe(1);
      expect(kept[0]?.finding).toContain(
        `belongs to partition ${partitionOf('a', COUNT)} of ${COUNT} and came to ${wrong}`,
      );
      expect(seen.flat()).toEqual([]);
    });
  });
}
