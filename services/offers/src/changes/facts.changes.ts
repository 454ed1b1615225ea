import {
  AgentResourcesChangedV1,
  type FrameworkRecord,
  FrameworkUpdatedV1,
  type InverseOfferOutcome,
  type InverseOfferRecord,
  InverseOffersChangedV1,
  type OfferOutcome,
  type OfferRecord,
  OffersChangedV1,
  OperationUpdatedV1,
  TaskLaunchedV1,
  TaskUpdatedV1,
} from '@tranche/contracts';
import type { TaskStatus } from '@tranche/mesos-api';
import type { MessageBus } from '@tranche/messaging';
import type { Clock } from '@tranche/telemetry';
import type { TotalStatement } from '../agents/agent-totals.js';
import type { Operation } from '../operations/operation.js';
import type { Task } from '../tasks/task.js';
import type { Changes } from './changes.port.js';

/** States every change as a fact to the other services. */
export class FactsOfChanges implements Changes {
  constructor(
    private readonly bus: Pick<MessageBus, 'publish'>,
    private readonly clock: Clock,
  ) {}

  framework(framework: FrameworkRecord): void {
    this.bus.publish(FrameworkUpdatedV1, [{ framework }]);
  }

  offerMade(offer: OfferRecord): void {
    this.bus.publish(OffersChangedV1, [{ kind: 'made', offer }]);
  }

  offerEnded({ offerId, agentId }: OfferRecord, outcome: OfferOutcome): void {
    this.bus.publish(OffersChangedV1, [{ kind: 'ended', offerId, outcome, agentId }]);
  }

  inverseOfferMade(inverseOffer: InverseOfferRecord): void {
    this.bus.publish(InverseOffersChangedV1, [{ kind: 'made', inverseOffer }]);
  }

  inverseOfferEnded(inverseOffer: InverseOfferRecord, outcome: InverseOfferOutcome): void {
    const { inverseOfferId, frameworkId, agentId } = inverseOffer;
    const atMs = this.clock.nowMs();
    this.bus.publish(InverseOffersChangedV1, [{ kind: 'ended', inverseOfferId, frameworkId, agentId, outcome, atMs }]);
  }

  taskLaunched({ record }: Task, before?: Task): void {
    this.bus.publish(TaskLaunchedV1, [
      { task: record, ...(before === undefined ? {} : { afterTaskId: before.record.taskId }) },
    ]);
  }

  taskUpdated({ record, stage }: Task, status?: TaskStatus): void {
    const { frameworkId, taskId, agentId, state } = record;
    const completed = stage === 'completed';
    this.bus.publish(TaskUpdatedV1, [
      { frameworkId, taskId, agentId, state, completed, ...(status === undefined ? {} : { status }) },
    ]);
  }

  /** Nobody else keeps books of executors: the allocator is told what they hold by `agent.usage` and `recover-resources`. */
  executorIdle(): void {
    // Nothing to state.
  }

  executorEnded(): void {
    // Nothing to state.
  }

  operationUpdated({ record }: Operation): void {
    this.bus.publish(OperationUpdatedV1, [{ operation: record, removed: false }]);
  }

  operationForgotten({ record }: Operation): void {
    this.bus.publish(OperationUpdatedV1, [{ operation: record, removed: true }]);
  }

  totalChanged(total: TotalStatement): void {
    this.bus.publish(AgentResourcesChangedV1, [{ ...total, resources: [...total.resources] }]);
  }

  /** Each listener keeps history by its own bounds. */
  forgotten(): void {
    // Nothing to state.
  }
}
