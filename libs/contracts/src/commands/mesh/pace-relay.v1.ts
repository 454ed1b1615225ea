import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * The client of a relayed exchange reads more slowly than its answer comes, or has read what was there. Sent to the queue of the replica that answers it, which says no more
 * until then, though not for ever: who has the client may have gone. Unknown exchange: ignored.
 */
export const PaceRelayV1 = command({
  name: 'pace-relay',
  version: 1,
  isRoutine: true,
  isTransient: true,
  owner: 'each',
  item: Type.Object({
    exchangeId: Type.String(),
    isPaused: Type.Boolean(),
  }),
});
export type PaceRelay = ItemOf<typeof PaceRelayV1>;
