import type { Holding } from '@tranche/allocation';
import { Resources } from '@tranche/resources';
import { expect, it } from 'vitest';
import { MadeAllocations } from './made-allocations.js';

const held = (frameworkId: string): Holding => ({ frameworkId, role: '*', agentId: 'a', resources: Resources.EMPTY });

it('knows what offers had not seen of this epoch', () => {
  const made = new MadeAllocations('e2');
  made.note(1, [held('f')], 0);
  made.note(2, [held('g')], 0);
  const unseen = (epoch?: string, run?: number) => made.unseen('a', epoch, run).map((one) => one.frameworkId);
  expect(unseen('e2', 1)).toEqual(['g']);
  expect(unseen('e2', 2)).toEqual([]);
  expect(unseen('e1', 7)).toEqual(['f', 'g']);
  expect(unseen()).toEqual(['f', 'g']);
});

it('forgets what rests on a former life of offers', () => {
  const made = new MadeAllocations('e');
  made.restOn('offers/1');
  made.note(1, [held('f')], 0);
  made.restOn('offers/1');
  expect(made.unseen('a', undefined, undefined)).toHaveLength(1);
  made.restOn('offers/2');
  expect([made.basis(), made.unseen('a', undefined, undefined)]).toEqual(['offers/2', []]);
});

it('forgets what is older than a minute', () => {
  const made = new MadeAllocations('e');
  made.note(1, [held('f')], 0);
  made.note(2, [held('g')], 60_001);
  expect(made.unseen('a', undefined, undefined)).toHaveLength(1);
});
