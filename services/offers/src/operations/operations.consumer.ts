import { Controller, Inject } from '@nestjs/common';
import { type ReportOperationStatus, ReportOperationStatusV1 } from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import type { MesosCounts } from '../metrics/mesos-counts.js';
import type { OffersContext } from '../offers-context.js';
import { MESOS_COUNTS, OFFERS_CONTEXT } from '../tokens.js';
import { updateOperation } from './update-operation.js';

/** What agents say of operations. */
@Controller()
export class OperationsConsumer {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(MESOS_COUNTS) private readonly counts: MesosCounts,
  ) {}

  @Handles(ReportOperationStatusV1)
  async operationStatuses(items: ReportOperationStatus[], { source, sequence }: MessageContext): Promise<void> {
    for (const item of items) {
      this.counts.told('operation_status_update', updateOperation(this.context, item, { source, sequence }));
    }
  }
}
