import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/** The client of a relayed exchange has gone. Sent to the queue of the replica that answers it. Unknown exchange: ignored. */
export const EndRelayV1 = command({
  name: 'end-relay',
  version: 1,
  owner: 'each',
  item: Type.Object({ exchangeId: Type.String() }),
});
export type EndRelay = ItemOf<typeof EndRelayV1>;
