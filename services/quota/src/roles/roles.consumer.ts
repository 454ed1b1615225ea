import { Controller } from '@nestjs/common';
import { type QuotaSnapshot, QuotaSnapshotV1 } from '@tranche/contracts';
import { Handles, MessageBus } from '@tranche/messaging';
import { RoleConfigs } from './role-configs.js';

/** What other services ask of roles. */
@Controller()
export class RolesConsumer {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly bus: MessageBus,
  ) {}

  @Handles(QuotaSnapshotV1)
  snapshot(): QuotaSnapshot {
    return { asOf: this.bus.factNumbers(), roles: this.configs.all() };
  }
}
