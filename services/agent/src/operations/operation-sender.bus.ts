import { queueOf, ReportOperationStatusV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import { inTaskTrace } from '../tasks/task-trace.js';
import type { AgentOperation } from './agent-operation.js';
import type { OperationSender } from './operation-updates.js';

/** Sends statuses of operations to the service that holds the frameworks' streams. The bus joins those of one turn. */
export class BusOperationSender implements OperationSender {
  constructor(
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly logger: Logger,
  ) {}

  send(operation: AgentOperation): void {
    const { operationUuid, operationId, frameworkId, status } = operation;
    const item = {
      agentId: status.agent_id?.value ?? '',
      operationUuid,
      ...(operationId === undefined ? {} : { operationId }),
      ...(frameworkId === undefined ? {} : { frameworkId }),
      status,
    };
    inTaskTrace(operation, () => {
      this.bus.send(ReportOperationStatusV1, queueOf('offers'), [item]).catch((error: unknown) => {
        this.logger.warn('status of an operation was not taken', { operationUuid, state: status.state, error });
      });
    });
  }
}
