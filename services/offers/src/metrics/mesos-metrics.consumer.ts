import { Controller, Inject } from '@nestjs/common';
import { type MesosMetrics, OffersMetricsV1 } from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import { Metrics } from '@tranche/telemetry';
import type { OffersContext } from '../offers-context.js';
import { MESOS_COUNTS, OFFERS_CONTEXT } from '../tokens.js';
import type { MesosCounts } from './mesos-counts.js';
import { mesosMetrics } from './mesos-metrics.js';

/** Tells the registry what is counted here. */
@Controller()
export class MesosMetricsConsumer {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(MESOS_COUNTS) private readonly counts: MesosCounts,
    private readonly own: Metrics,
  ) {}

  @Handles(OffersMetricsV1)
  async metrics(): Promise<MesosMetrics> {
    const dropped = await this.own.totalOf('tranche_dead_letters_total');
    return { metrics: { ...mesosMetrics(this.counts, this.context.state), 'master/dropped_messages': dropped } };
  }
}
