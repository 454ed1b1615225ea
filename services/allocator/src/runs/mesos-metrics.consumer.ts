import { Controller, Inject } from '@nestjs/common';
import { AllocatorMetricsV1, type MesosMetrics } from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import { steadyClock } from '../system.clock.js';
import { AllocatorMetrics } from './mesos-metrics.js';

/** Tells the registry what is counted here. */
@Controller()
export class MesosMetricsConsumer {
  constructor(@Inject(AllocatorMetrics) private readonly metrics: AllocatorMetrics) {}

  @Handles(AllocatorMetricsV1)
  async read(): Promise<MesosMetrics> {
    return { metrics: this.metrics.read(steadyClock.nowMs()) };
  }
}
