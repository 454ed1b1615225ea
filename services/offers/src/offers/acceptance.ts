import type { StoredTrace } from '@tranche/telemetry';
import type { UpdateAllocation } from '@tranche/contracts';
import type { Agent } from '../agents/agent.js';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Operation } from '../operations/operation.js';
import type { Task } from '../tasks/task.js';
import type { Remainder } from './remainder.js';

export type AcceptContext = Pick<
  OffersContext,
  'state' | 'allocator' | 'changes' | 'agents' | 'clock' | 'ids' | 'authorizer'
>;

/** An ACCEPT while it is carried out: whose it is, what is left of the offers, and what has to be sent when all of it is in the books. */
export interface Acceptance {
  readonly framework: Framework;
  readonly agent: Agent;
  /** Role that the offers are allocated to. */
  readonly role: string;
  /** W3C trace id that the life of its tasks and operations belongs to. */
  readonly traceId: string;
  /** What tasks keep of the trace: the call is the parent of what happens to them. */
  readonly trace: StoredTrace;
  remainder: Remainder;
  readonly tasks: Task[];
  readonly operations: Operation[];
  /** For the allocator, in order. */
  readonly conversions: UpdateAllocation[];
  /** Tasks share more copies of a volume than were offered: the allocator is told all that is held. */
  takesExtraCopies: boolean;
}
