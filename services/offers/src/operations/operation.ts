import type { OperationRecord, OperationReport } from '@tranche/contracts';
import type { OperationState, OperationStatus } from '@tranche/mesos-api';
import type { Heard } from '../tasks/task.js';

/** One operation that changes an agent's resources: its record, and what this service needs to follow it. */
export interface Operation {
  /** Replaced on every change, never changed in place: it may be in a message that has not left yet. */
  record: OperationRecord;
  /** Base64 uuid of the newest status that was passed on; only that one's acknowledgement ends the operation. */
  forwardedUuid?: string;
  /** The newest message of its agent that told a status of it; lost at a restart. */
  heard?: Heard;
  /** Sent to an agent that may have done it before: what it then says of its total is to be heard once more. */
  isSentAgain?: boolean;
}

const TERMINAL: ReadonlySet<OperationState> = new Set<OperationState>([
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
]);

/** Whether nothing follows. @source scheduler API §8 */
export const isTerminalOperation = (state: OperationState): boolean => TERMINAL.has(state);

export const hasEnded = ({ record }: Operation): boolean => isTerminalOperation(record.latestStatus.state);

/** An operation as its agent reports it, that nobody here knows. */
export function operationOf(
  report: OperationReport,
  on: { readonly agentId: string; readonly nowMs: number },
): Operation {
  const { operationUuid, operationId, frameworkId, info, latestStatus } = report;
  return {
    record: {
      operationUuid,
      ...(operationId === undefined ? {} : { operationId }),
      agentId: on.agentId,
      ...(frameworkId === undefined ? {} : { frameworkId }),
      info,
      latestStatus,
      statuses: [latestStatus],
      acceptedAtMs: on.nowMs,
      ...(isTerminalOperation(latestStatus.state) ? { endedAtMs: on.nowMs } : {}),
      traceId: '0'.repeat(32),
    },
  };
}

/** Notes a status: one is kept per run of equal states. */
export function setOperationStatus(operation: Operation, status: OperationStatus, nowMs: number): void {
  const { record } = operation;
  const isRepeated = record.statuses.at(-1)?.state === status.state;
  operation.record = {
    ...record,
    latestStatus: status,
    statuses: [...(isRepeated ? record.statuses.slice(0, -1) : record.statuses), status],
    ...(isTerminalOperation(status.state) && record.endedAtMs === undefined ? { endedAtMs: nowMs } : {}),
  };
}
