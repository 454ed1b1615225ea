import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/**
 * A mark shall go the way of the allocator's decisions.
 *
 * Sent by `quota` after it has stated what is set for roles. The allocator goes by that when it comes to this, and sends the mark on to each partition of
 * `offers` (`state-mark`), behind all that it has decided before.
 */
export const PassMarkV1 = command({
  name: 'pass-mark',
  version: 1,
  owner: 'allocator',
  item: Type.Object({ mark: Type.String() }),
});
export type PassMark = ItemOf<typeof PassMarkV1>;
