import { Controller } from '@nestjs/common';
import { type MesosMetrics, QuotaMetricsV1 } from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import { RoleUsage } from '../usage/role-usage.js';
import { consumedMetrics } from './mesos-metrics.js';
import { RoleConfigs } from './role-configs.js';
import { summarizeRoles } from './role-summary.js';

/** Tells the registry what is known here. */
@Controller()
export class MesosMetricsConsumer {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly usage: RoleUsage,
  ) {}

  @Handles(QuotaMetricsV1)
  async read(): Promise<MesosMetrics> {
    return { metrics: consumedMetrics(summarizeRoles(this.configs, this.usage)) };
  }
}
