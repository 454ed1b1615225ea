import type { Resource } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { query, type ResponseOf } from '../contract.js';
import { document } from '../document.js';
import { AgentChange } from '../records/agent-record.js';
import { FactNumbers } from '../records/fact-numbers.js';
import { FrameworkRecord } from '../records/framework-record.js';
import { HeldResources } from '../records/held-resources.js';
import { InverseOfferAnswerRecord, InverseOfferRecord } from '../records/inverse-offer-record.js';
import { OfferRecord } from '../records/offer-record.js';
import { OperationRecord } from '../records/operation-record.js';
import { TaskRecord } from '../records/task-record.js';

/** Frameworks, tasks and offers as `offers` knows them, and what is held by whom, for a consumer that starts or has missed a fact. */
export const OffersSnapshotV1 = query({
  name: 'offers-snapshot',
  version: 1,
  owner: 'offers',
  request: Type.Object({
    /** False leaves `tasks` and `offers` empty: the allocator needs neither. */
    withTasks: Type.Boolean(),
  }),
  response: Type.Object({
    asOf: FactNumbers,
    frameworks: Type.Array(FrameworkRecord),
    tasks: Type.Array(Type.Object({ task: TaskRecord, completed: Type.Boolean() })),
    offers: Type.Array(OfferRecord),
    /** Outstanding, and how the last ones were answered; absent with `withTasks` false. */
    inverseOffers: Type.Optional(Type.Array(InverseOfferRecord)),
    inverseOfferAnswers: Type.Optional(Type.Array(InverseOfferAnswerRecord)),
    held: Type.Array(HeldResources),
    /** Operations that are kept; absent without tasks. */
    operations: Type.Optional(Type.Array(OperationRecord)),
    /** Totals of agents as operations have made them. Agents that are not listed have what the registry states. */
    totals: Type.Optional(
      Type.Array(
        Type.Object({
          agentId: Type.String(),
          resources: Type.Array(document<Resource>()),
          /** As in `agent.resources-changed`. */
          change: Type.Optional(AgentChange),
        }),
      ),
    ),
    /** Agents whose report has been reconciled, so that `held` is all that is held there. */
    reconciledAgents: Type.Optional(Type.Array(Type.String())),
    seenEpoch: Type.Optional(Type.String()),
    seenRun: Type.Optional(Type.Integer()),
  }),
});
export type OffersSnapshot = ResponseOf<typeof OffersSnapshotV1>;
