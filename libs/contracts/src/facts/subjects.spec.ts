import { describe, expect, it } from 'vitest';
import { type FactContract, OffersChangedV1, TaskLaunchedV1, TaskUpdatedV1 } from '../index.js';
import { CONTRACTS } from '../registry.js';

const launched = (taskId: string, agentId: string, afterTaskId?: string) =>
  TaskLaunchedV1.subjectsOf?.({
    task: { taskId, agentId } as never,
    ...(afterTaskId === undefined ? {} : { afterTaskId }),
  }) ?? [];
const updated = (taskId: string, agentId: string) => TaskUpdatedV1.subjectsOf?.({ taskId, agentId } as never) ?? [];
const ended = (offerId: string, agentId: string) =>
  OffersChangedV1.subjectsOf?.({ kind: 'ended', offerId, agentId, outcome: 'accepted' }) ?? [];
const made = (offerId: string, agentId: string) =>
  OffersChangedV1.subjectsOf?.({ kind: 'made', offer: { offerId, agentId } as never }) ?? [];
const shareOne = (some: readonly string[], others: readonly string[]) => some.some((word) => others.includes(word));

describe('the subjects of facts', () => {
  it('are named by those that tell of one task, offer or operation each', () => {
    const named = CONTRACTS.filter((contract) => (contract as FactContract).subjectsOf !== undefined);
    expect(named.map(({ name }) => name)).toEqual([
      'task.launched',
      'task.updated',
      'operation.updated',
      'offers.changed',
    ]);
  });

  it('keep a task behind the offer that it was launched with, so that nothing is held and offered at once', () => {
    expect(shareOne(ended('o', 'a'), launched('t', 'a'))).toBe(true);
    expect(shareOne(made('o', 'a'), launched('t', 'a'))).toBe(true);
    expect(shareOne(ended('o', 'a'), launched('t', 'b'))).toBe(false);
  });

  it('keep what is said of a task together, also when its id comes again on another agent', () => {
    expect(shareOne(launched('t', 'a'), updated('t', 'a'))).toBe(true);
    expect(shareOne(updated('t', 'a'), launched('t', 'b'))).toBe(true);
    expect(shareOne(updated('t', 'a'), launched('u', 'a'))).toBe(false);
  });

  it('keep a task that takes over what an executor holds behind the end of the one that held it', () => {
    expect(shareOne(updated('t', 'a'), launched('u', 'a', 't'))).toBe(true);
  });
});
