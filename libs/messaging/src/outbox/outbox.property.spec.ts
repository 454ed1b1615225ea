import { FrameworkUpdatedV1, OffersChangedV1, TaskLaunchedV1, TaskUpdatedV1 } from '@tranche/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.js';

const few = (prefix: string) => fc.nat({ max: 3 }).map((number) => `${prefix}${number}`);
const offer = few('agent').map((agentId) => ({ kind: 'ended', offerId: 'o', outcome: 'accepted', agentId }) as const);
const launch = fc.record({ taskId: few('task'), agentId: few('agent') }).map((task) => ({ task }) as never);
const update = few('task').map((taskId) => ({ taskId }) as never);
const framework = few('framework').map((frameworkId) => ({ framework: { frameworkId } }) as never);

const some = <C, I>(contract: C, item: fc.Arbitrary<I>) =>
  fc.record({ contract: fc.constant(contract), items: fc.array(item, { minLength: 1, maxLength: 3 }) });
const snapshot = fc.constant('snapshot' as const);
const said = fc.array(
  fc.oneof(
    { arbitrary: some(OffersChangedV1, offer), weight: 4 },
    { arbitrary: some(TaskLaunchedV1, launch), weight: 4 },
    { arbitrary: some(TaskUpdatedV1, update), weight: 4 },
    { arbitrary: some(FrameworkUpdatedV1, framework), weight: 1 },
    { arbitrary: snapshot, weight: 1 },
  ),
  { maxLength: 40 },
);
type Said = typeof said extends fc.Arbitrary<infer S> ? S : never;
type Stated = { pattern: string; subjects: readonly string[] | undefined; item: unknown };

/** Says all that within one departure. @returns every item as it was stated, the messages, and after how many items a snapshot counted to what */
function depart(all: Said) {
  const sent: { pattern: string; sequence: number; items: readonly unknown[] }[] = [];
  const outbox = new Outbox('offers/1', async ({ envelope }) => void sent.push(envelope));
  const stated: Stated[] = [];
  const snapshots: { after: number; numbers: Readonly<Record<string, number>> }[] = [];
  for (const one of all) {
    if (one === 'snapshot') {
      snapshots.push({ after: stated.length, numbers: outbox.factNumbers().numbers });
      continue;
    }
    const { contract, items } = one;
    void outbox.add(contract, undefined, items);
    for (const item of items) {
      stated.push({ pattern: contract.pattern, subjects: contract.subjectsOf?.(item as never), item });
    }
  }
  outbox.flush();
  return { sent, stated, snapshots };
}

/** As many messages as there are when only what directly follows its like joins it. */
function runsOf(all: Said): number {
  const patterns = all.map((one) => (one === 'snapshot' ? undefined : one.contract.pattern));
  return patterns.filter((pattern, index) => pattern !== undefined && pattern !== patterns[index - 1]).length;
}

const mustKeepOrder = (one: Stated, other: Stated): boolean =>
  one.pattern === other.pattern ||
  one.subjects === undefined ||
  other.subjects === undefined ||
  one.subjects.some((subject) => other.subjects?.includes(subject));

describe('facts of one departure', () => {
  it('arrive each once, in the order of their kind, of their subject, and of what names none', () => {
    fc.assert(
      fc.property(said, (all) => {
        const { sent, stated } = depart(all);
        const arrived = sent.flatMap(({ items }) => items);
        expect(arrived).toHaveLength(stated.length);
        const places = stated.map(({ item }) => arrived.indexOf(item));
        expect(new Set(places).size).toBe(stated.length);
        expect(places).not.toContain(-1);
        for (const [index, one] of stated.entries()) {
          for (let later = index + 1; later < stated.length; later++) {
            if (mustKeepOrder(one, stated[later] as Stated))
              expect(places[index]).toBeLessThan(places[later] as number);
          }
        }
      }),
    );
  });

  it('need no more messages than if only neighbours did', () => {
    fc.assert(
      fc.property(said, (all) => {
        expect(depart(all).sent.length).toBeLessThanOrEqual(runsOf(all));
      }),
    );
  });

  it('are numbered without gaps, and a snapshot has counted all before it and nothing after', () => {
    fc.assert(
      fc.property(said, (all) => {
        const { sent, stated, snapshots } = depart(all);
        for (const pattern of new Set(sent.map((message) => message.pattern))) {
          const numbers = sent.filter((message) => message.pattern === pattern).map(({ sequence }) => sequence);
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
        }
        for (const { after, numbers } of snapshots) {
          const counted = sent.filter(({ pattern, sequence }) => sequence <= (numbers[pattern] ?? 0));
          const items = new Set(counted.flatMap((message) => message.items));
          expect(stated.map(({ item }) => items.has(item))).toEqual(stated.map((_, index) => index < after));
        }
      }),
    );
  });
});
