import { type DynamicModule, Module } from '@nestjs/common';
import { MessageBus, type ServiceHost } from '@tranche/messaging';
import { systemClock } from '@tranche/telemetry';
import { ClassicApiController } from './classic/classic-api.controller.js';
import { OperatorCallsConsumer } from './operator-api/operator-calls.consumer.js';
import { AgentOperationsBus } from './reservations/agent-operations.bus.js';
import { AgentResources } from './reservations/agent-resources.js';
import { OperationFormsController } from './reservations/operation-forms.controller.js';
import { ReservationsApiController } from './reservations/reservations-api.controller.js';
import { AGENT_OPERATIONS } from './reservations/tokens.js';
import { VolumesApiController } from './reservations/volumes-api.controller.js';
import { QuotasApiController } from './rest/quotas-api.controller.js';
import { RolesApiController } from './rest/roles-api.controller.js';
import { WeightsApiController } from './rest/weights-api.controller.js';
import { MesosMetricsConsumer } from './roles/mesos-metrics.consumer.js';
import type { RoleConfigStore } from './roles/role-config-store.port.js';
import { RoleConfigs } from './roles/role-configs.js';
import { RolesConsumer } from './roles/roles.consumer.js';
import { ChangeRoles } from './roles/change-roles.js';
import { SetWeights } from './roles/set-weights.js';
import { SetQuotas } from './quotas/set-quotas.js';
import { OutstandingOffersBus } from './usage/outstanding-offers.bus.js';
import { MarksBus } from './usage/marks.bus.js';
import { RoleUsage } from './usage/role-usage.js';
import { UsageConsumer } from './usage/usage.consumer.js';
import { UsageSources } from './usage/usage-sources.js';

/** What the quota service's process gives to its parts. */
export interface QuotaParts {
  readonly host: ServiceHost;
  readonly store: RoleConfigStore;
  /** Filled from the store. */
  readonly configs: RoleConfigs;
}

/** Joins ports to adapters; everything else gets what it needs as parameters. */
@Module({})
export class AppModule {
  static with({ host, store, configs }: QuotaParts): DynamicModule {
    const usage = new RoleUsage();
    const agents = new AgentResources((record) => usage.applyAgent(record));
    const sources = new UsageSources(usage, agents, host);
    const offers = new OutstandingOffersBus(usage, host.bus, host.logger);
    const marks = new MarksBus(host.bus, systemClock, host.logger, host.partitions);
    const changes = new ChangeRoles(configs, store, host.bus);
    return {
      module: AppModule,
      controllers: [
        RolesConsumer,
        MesosMetricsConsumer,
        UsageConsumer,
        OperatorCallsConsumer,
        ClassicApiController,
        RolesApiController,
        QuotasApiController,
        WeightsApiController,
        OperationFormsController,
        ReservationsApiController,
        VolumesApiController,
      ],
      providers: [
        { provide: MessageBus, useValue: host.bus },
        { provide: RoleConfigs, useValue: configs },
        { provide: RoleUsage, useValue: usage },
        { provide: AgentResources, useValue: agents },
        { provide: AGENT_OPERATIONS, useValue: new AgentOperationsBus(host.bus, host.partitions) },
        { provide: MarksBus, useValue: marks },
        { provide: UsageSources, useValue: sources },
        { provide: SetWeights, useValue: new SetWeights(changes, offers) },
        { provide: SetQuotas, useValue: new SetQuotas(changes, usage, offers, marks) },
      ],
    };
  }
}
