import { type DynamicModule, Module } from '@nestjs/common';
import { MessageBus, SourceFollower } from '@tranche/messaging';
import { type Logger, Metrics } from '@tranche/telemetry';
import { AgentsConsumer } from './agents/agents.consumer.js';
import { SiblingsConsumer } from './agents/siblings.consumer.js';
import type { CountedChanges } from './changes/counted.changes.js';
import { ClassicController } from './classic/classic.controller.js';
import { ExecutorsConsumer } from './executors/executors.consumer.js';
import type { History } from './history/history.port.js';
import { TeardownConsumer } from './frameworks/teardown.consumer.js';
import { InverseOffersConsumer } from './inverse-offers/inverse-offers.consumer.js';
import { AllocatorFence } from './offers/allocator-fence.js';
import { MesosMetricsConsumer } from './metrics/mesos-metrics.consumer.js';
import type { MesosCounts } from './metrics/mesos-counts.js';
import { OfferExpiry } from './offers/offer-expiry.js';
import { OffersConsumer } from './offers/offers.consumer.js';
import type { OffersContext } from './offers-context.js';
import type { Siblings } from './operations/operators/siblings.port.js';
import { OperatorOperationsConsumer } from './operations/operators/operator-operations.consumer.js';
import { OperationsConsumer } from './operations/operations.consumer.js';
import { CallsController } from './rest/calls.controller.js';
import { OperationsController } from './rest/operations.controller.js';
import { RestController } from './rest/rest.controller.js';
import type { CallMetrics } from './scheduler-api/call-metrics.js';
import { SchedulerApiController } from './scheduler-api/scheduler-api.controller.js';
import { StreamRegistry } from './scheduler-api/stream-registry.js';
import { StreamLog } from './scheduler-api/stream-log.js';
import { CALL_METRICS, STREAM_LIMIT } from './scheduler-api/tokens.js';
import { SnapshotConsumer } from './snapshot/snapshot.consumer.js';
import { TasksConsumer } from './tasks/tasks.consumer.js';
import { CHANGE_COUNT, HISTORY, LOGGER, MESOS_COUNTS, OFFERS_CONTEXT, OPERATE_CONTEXT } from './tokens.js';

/** What `start-offers.ts` has put together, and Nest's classes work with. */
export interface OffersParts {
  readonly context: OffersContext;
  readonly siblings: Siblings;
  /** Settles when what was changed so far is in the database. */
  readonly stored: () => Promise<void>;
  readonly history: History;
  readonly bus: MessageBus;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly expiry: OfferExpiry;
  /** What the registry states of agents. */
  readonly registry: SourceFollower;
  readonly streams: StreamRegistry;
  readonly callMetrics: CallMetrics;
  readonly changeCount: CountedChanges;
  readonly mesosCounts: MesosCounts;
  readonly maxBufferedBytes: number;
}

/** The controllers and consumers of the offers service. */
@Module({})
export class OffersModule {
  static forRoot(parts: OffersParts): DynamicModule {
    return {
      module: OffersModule,
      controllers: [
        SchedulerApiController,
        ClassicController,
        RestController,
        OperationsController,
        CallsController,
        OffersConsumer,
        TeardownConsumer,
        InverseOffersConsumer,
        ExecutorsConsumer,
        TasksConsumer,
        OperationsConsumer,
        OperatorOperationsConsumer,
        AgentsConsumer,
        SnapshotConsumer,
        MesosMetricsConsumer,
        ...(parts.context.state.partition.count === 1 ? [] : [SiblingsConsumer]),
      ],
      providers: [
        { provide: OFFERS_CONTEXT, useValue: parts.context },
        { provide: OPERATE_CONTEXT, useValue: { ...parts.context, siblings: parts.siblings, stored: parts.stored } },
        { provide: HISTORY, useValue: parts.history },
        { provide: MessageBus, useValue: parts.bus },
        { provide: LOGGER, useValue: parts.logger },
        { provide: Metrics, useValue: parts.metrics },
        { provide: OfferExpiry, useValue: parts.expiry },
        { provide: AllocatorFence, useValue: new AllocatorFence(parts.bus.source) },
        { provide: SourceFollower, useValue: parts.registry },
        { provide: StreamRegistry, useValue: parts.streams },
        { provide: CALL_METRICS, useValue: parts.callMetrics },
        { provide: StreamLog, useFactory: () => new StreamLog(() => parts.context.clock.nowMs()) },
        { provide: MESOS_COUNTS, useValue: parts.mesosCounts },
        { provide: CHANGE_COUNT, useValue: parts.changeCount },
        { provide: STREAM_LIMIT, useValue: parts.maxBufferedBytes },
      ],
    };
  }
}
