import type { OfferOperation, OperationStatus } from '@tranche/mesos-api';

/** What an operation is, as it came. JSON-safe: it goes into the journal. */
export interface OperationRequest {
  /** Base64 of 16 bytes; identifies it everywhere. */
  readonly operationUuid: string;
  /** The framework's own id: it wants to hear of the operation until it says that it has. */
  readonly operationId?: string;
  /** Absent for an operator's. */
  readonly frameworkId?: string;
  readonly info: OfferOperation;
  readonly traceId: string;
}

/** An operation as its agent knows it. Changed by `OperationBook` alone. */
export interface AgentOperation extends OperationRequest {
  /** Terminal: an operation is carried out within the turn that takes it. */
  readonly status: OperationStatus;
  /** Whether its status waits for an acknowledgement. */
  readonly isPending: boolean;
}
