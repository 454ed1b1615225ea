import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/**
 * A mark shall be stated among the facts.
 *
 * Sent by `quota`, or by the allocator for it, to each partition's own queue: whoever hears the mark (`mark.stated`) has heard of everything that was done
 * before, and what its sender sent before has been done.
 */
export const StateMarkV1 = command({
  name: 'state-mark',
  version: 1,
  owner: 'offers',
  item: Type.Object({ mark: Type.String() }),
});
export type StateMark = ItemOf<typeof StateMarkV1>;
