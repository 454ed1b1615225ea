import type { Limits, Quantities } from '@tranche/resources';
import type { Holding, OfferConstraint } from '../engine.js';

/**
 * Everything that may keep resources from somebody, in the order in which agents are counted.
 *
 * `framework.disconnected` is `framework.inactive` to the engine: who knows the framework's connection says which it is.
 */
export const BLOCKER_CODES = [
  'framework.disconnected',
  'framework.inactive',
  'framework.removed',
  'role.not_subscribed',
  'role.suppressed',
  'agent.inactive',
  'agent.excluded',
  'agent.reserved',
  'agent.in_use',
  'agent.offered',
  'agent.below_minimum',
  'capability.gpu',
  'capability.region',
  'capability.multi_role',
  'capability.hierarchical_role',
  'capability.stripped',
  'quota.limit',
  'quota.headroom',
  'filter.declined',
  'order.share',
  'shape.too_big',
  'shape.attribute',
  'shape.ports',
] as const;
export type BlockerCode = (typeof BLOCKER_CODES)[number];

/** An obstacle on one agent, with the values that make it one. Quantities are of all kinds of values (allocation rule A7). */
export type Blocker =
  | {
      readonly code:
        | 'framework.disconnected'
        | 'framework.inactive'
        | 'framework.removed'
        | 'role.suppressed'
        | 'capability.gpu'
        | 'capability.region'
        | 'capability.multi_role'
        | 'capability.hierarchical_role';
    }
  | { readonly code: 'role.not_subscribed'; readonly roles: readonly string[] }
  | { readonly code: 'agent.inactive'; readonly reason: string }
  /** Of each group of constraints the first that does not hold, and what the agent has there. */
  | { readonly code: 'agent.excluded'; readonly unmet: readonly UnmetConstraint[] }
  | { readonly code: 'agent.reserved'; readonly reservedTo: readonly { role: string; resources: Quantities }[] }
  | { readonly code: 'agent.in_use'; readonly holders: readonly Holder[] }
  | { readonly code: 'agent.offered'; readonly holders: readonly (Holder & { offerId: string; madeAtMs: number })[] }
  | { readonly code: 'agent.below_minimum'; readonly free: Quantities; readonly minimums: readonly Quantities[] }
  | {
      readonly code: 'capability.stripped';
      readonly kinds: readonly ('shared' | 'revocable' | 'refined')[];
      readonly resources: Quantities;
    }
  /** Names of which the role may get less than there is; thousandths. */
  | {
      readonly code: 'quota.limit';
      readonly role: string;
      readonly bounds: readonly { name: string; used: number; limit: number }[];
    }
  | {
      readonly code: 'quota.headroom';
      /** What guarantees still lack, and what is free for it in the whole cluster. */
      readonly lacking: readonly { role: string; resources: Quantities }[];
      readonly available: Quantities;
    }
  /** `endsInMs` 0: with the next batch cycle. */
  | { readonly code: 'filter.declined'; readonly declined: Quantities; readonly endsInMs: number }
  | { readonly code: 'order.share'; readonly ahead: readonly { frameworkId: string; role: string; share: number }[] }
  /** Thousandths that are asked for, and the most the agent could ever give. */
  | {
      readonly code: 'shape.too_big';
      readonly short: readonly { name: string; asked: number; has: number }[];
    }
  | { readonly code: 'shape.attribute'; readonly unmet: readonly { name: string; asked: string; has?: string }[] }
  | { readonly code: 'shape.ports'; readonly asked: string; readonly free: string };

export interface Holder {
  readonly frameworkId: string;
  readonly role: string;
  readonly resources: Quantities;
}

export interface UnmetConstraint {
  readonly constraint: OfferConstraint;
  /** Absent when the agent has no such attribute. */
  readonly has?: string;
}

/** An offer that has not been answered. */
export interface OutstandingOffer extends Holding {
  readonly offerId: string;
  readonly madeAtMs: number;
}

/** A machine's worth of resources that somebody would like to have on one agent. */
export interface Shape {
  /** Sums by name, `cpus`, `mem`, `disk`, `gpus`; and `ports`, their number. */
  readonly quantities: Quantities;
  /** Ports that must be among the free ones, inclusive. */
  readonly ports?: readonly { readonly begin: number; readonly end: number }[];
  /** Attribute, or `hostname`, `region`, `zone`, and the value it must have. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ExplainRequest {
  /** A framework in one of its roles; or, with a shape, whoever might come with it. */
  readonly asker:
    | { readonly frameworkId: string; readonly role: string }
    | { readonly shape: Shape; readonly role: string };
  readonly nowMs: number;
  /** What of the holdings is only offered. */
  readonly offers?: Iterable<OutstandingOffer>;
  /** Only this agent; default all. */
  readonly agentId?: string;
  /** Agents that the engine does not know, but somebody does: `unreachable`, with its reason. */
  readonly absentAgents?: readonly { readonly agentId: string; readonly reason: string }[];
  /** Why an agent is deactivated, which the engine does not know: `draining`. */
  deactivatedReason?(agentId: string): string | undefined;
}

/** One agent: what of it would be offered now, or everything in the way. */
export interface AgentExplanation {
  readonly agentId: string;
  /** In the order of the codes; empty exactly when something would be offered. */
  readonly blockers: readonly Blocker[];
  readonly offer?: Quantities;
}

/** Agents whose first obstacle this is. */
export interface FunnelStep {
  readonly code: BlockerCode;
  readonly agents: readonly AgentExplanation[];
  /** How many are left after it. */
  readonly left: number;
}

/** What would change if this obstacle, and nothing else, were gone. */
export interface Help {
  readonly code: BlockerCode;
  /** Agents of which something would be offered at once. */
  readonly agents: number;
  /** The same when, in addition, refusals had ended; absent when that makes no difference. */
  readonly later?: { readonly agents: number; readonly inMs: number };
  /** The same when the obstacles of the helps before it were gone, too; absent when that makes no difference. */
  readonly withAllBefore?: number;
  /**
   * Of `quota.limit`: all limits that the role which the quota is charged to (allocation rule A14) needs for it, refusals ended; thousandths.
   * What would not be in the way is as it is now.
   */
  readonly limits?: Limits;
  /** Of `agent.inactive`: what keeps these agents out; each reason has a help of its own, since each ends in its own way. */
  readonly reason?: string;
  /**
   * Of `quota.headroom`: for each role whose guarantee is not met what of it is; with that for a guarantee nothing is kept back. Absent when
   * the asker's own is among them: it would give up what it waits for.
   */
  readonly met?: readonly { readonly role: string; readonly guarantees: Quantities }[];
  /** Of `order.share`: a weight with which the role comes before all that are before it now. Absent where no weight does that. */
  readonly weight?: number;
}

export interface Explanation {
  readonly role: string;
  readonly agents: readonly AgentExplanation[];
  readonly funnel: readonly FunnelStep[];
  /** How many agents something would be offered of. */
  readonly offered: number;
  readonly helps: readonly Help[];
  /** The most that is free for the role on a single agent, thousandths by resource name, and which agent that is. */
  readonly largestFree: readonly { readonly name: string; readonly milli: number; readonly agentId: string }[];
  /** All that is free for the role on agents that take part. */
  readonly totalFree: Quantities;
}
