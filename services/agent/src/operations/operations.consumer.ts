import { Controller } from '@nestjs/common';
import {
  type AcknowledgeOperationStatus,
  AcknowledgeOperationStatusV1,
  type ApplyOperations as ApplyOperationsCommand,
  ApplyOperationsV1,
} from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import { ApplyOperations } from './apply-operations.js';
import { OperationUpdates } from './operation-updates.js';

/** What the control plane wants done with the agent's resources. A handler returns when the effect is safe. */
@Controller()
export class OperationsConsumer {
  constructor(
    private readonly operations: ApplyOperations,
    private readonly updates: OperationUpdates,
  ) {}

  @Handles(ApplyOperationsV1)
  apply(items: ApplyOperationsCommand[]): Promise<void> {
    return this.operations.apply(
      items.map(({ operationUuid, operationId, frameworkId, info, traceId }) => ({
        operationUuid,
        ...(operationId === undefined ? {} : { operationId }),
        ...(frameworkId === undefined ? {} : { frameworkId }),
        info,
        traceId,
      })),
    );
  }

  @Handles(AcknowledgeOperationStatusV1)
  async acknowledge(items: AcknowledgeOperationStatus[]): Promise<void> {
    for (const { operationUuid, statusUuid } of items) this.updates.acknowledge(operationUuid, statusUuid);
  }
}
