import { randomUUID } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { createEngine } from '@tranche/allocation';
import { MakeInverseOffersV1, MakeOffersV1, queueOf } from '@tranche/contracts';
import { MessageBus, type ServiceHost } from '@tranche/messaging';
import { type AllocatorConfig, engineOptions } from './allocator.config.js';
import { ClusterRecords } from './explain/cluster-records.js';
import { ExplainApiController } from './explain/explain-api.controller.js';
import { ExplainCluster, type RunClock } from './explain/explain-cluster.js';
import { FunnelHistory } from './explain/funnel-history.js';
import { AllocationsApiController } from './rest/allocations-api.controller.js';
import { AllocationRunner } from './runs/allocation-runner.js';
import { MadeAllocations } from './runs/made-allocations.js';
import { AllocatorMetrics } from './runs/mesos-metrics.js';
import { MesosMetricsConsumer } from './runs/mesos-metrics.consumer.js';
import { exposeRoles } from './runs/cluster-metrics.js';
import { runMetrics } from './runs/run-metrics.js';
import { ApplyFacts } from './sync/apply-facts.js';
import { MarksConsumer } from './sync/marks.consumer.js';
import { Sources } from './sync/sources.js';
import { SyncConsumer } from './sync/sync.consumer.js';
import { steadyClock } from './system.clock.js';
import { ALLOCATION_ENGINE, PARTITIONS } from './tokens.js';

/** Joins ports to adapters. */
@Module({})
export class AllocatorModule {
  static forRoot(config: AllocatorConfig, { bus, logger, metrics, partitions = {} }: ServiceHost): DynamicModule {
    const engine = createEngine({ ...engineOptions(config), random: Math.random });
    const made = new MadeAllocations(randomUUID());
    const counted = runMetrics(metrics);
    const mesosMetrics = new AllocatorMetrics(engine);
    const runner = new AllocationRunner({
      engine,
      made,
      clock: steadyClock,
      later: (run) => void setImmediate(run),
      offers: {
        makeOffers: (items) => bus.send(MakeOffersV1, queueOf('offers'), items),
        makeInverseOffers: (items) => bus.send(MakeInverseOffersV1, queueOf('offers'), items),
      },
      ...(partitions['offers'] === undefined ? {} : { partitions: partitions['offers'] }),
      report: (report) => {
        counted(report);
        mesosMetrics.ran(report);
      },
      failed: (error, lost) => logger.warn('allocations did not reach offers and are free again', { lost, error }),
    });
    const records = new ClusterRecords();
    exposeRoles(metrics, { engine, offers: records, clock: steadyClock });
    const apply = new ApplyFacts({
      ...{ engine, runner, made, records, clock: steadyClock },
      partitions: partitions['offers'] ?? 1,
    });
    const runs: RunClock = {
      get lastRunMs() {
        return runner.lastRunMs;
      },
      intervalMs: config.runIntervalMs,
    };
    const explain = new ExplainCluster(engine, records, runs, steadyClock);
    const history = new FunnelHistory(records, (record, role) => explain.framework(record, role, false), steadyClock);
    return {
      module: AllocatorModule,
      controllers: [SyncConsumer, MarksConsumer, MesosMetricsConsumer, AllocationsApiController, ExplainApiController],
      providers: [
        { provide: MessageBus, useValue: bus },
        { provide: PARTITIONS, useValue: partitions },
        { provide: ALLOCATION_ENGINE, useValue: engine },
        { provide: AllocatorMetrics, useValue: mesosMetrics },
        { provide: AllocationRunner, useValue: runner },
        { provide: ApplyFacts, useValue: apply },
        { provide: ClusterRecords, useValue: records },
        { provide: ExplainCluster, useValue: explain },
        { provide: FunnelHistory, useValue: history },
        { provide: Sources, useFactory: () => new Sources(apply, { bus, logger, metrics, partitions }) },
      ],
    };
  }
}
