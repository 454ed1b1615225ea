import type { Unavailability } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/**
 * An agent's machine has entered the maintenance schedule, has another window there, or has left it.
 *
 * Published by `registry`. `offers` rescinds the agent's offers and inverse offers, so that what is offered next says so; `allocator`
 * makes inverse offers to who holds something there (allocation rules A75 to A77). An unknown agent id is ignored.
 */
export const AgentUnavailabilityChangedV1 = fact({
  name: 'agent.unavailability-changed',
  version: 1,
  isTransient: true,
  owner: 'registry',
  item: Type.Object({
    agentId: Type.String(),
    /** Absent: none is scheduled any more. */
    unavailability: Type.Optional(document<Unavailability>()),
  }),
});
export type AgentUnavailabilityChanged = ItemOf<typeof AgentUnavailabilityChangedV1>;
