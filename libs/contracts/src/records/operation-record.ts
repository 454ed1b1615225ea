import type { OfferOperation, OperationStatus } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document } from '../document.js';

/** What `offers` knows of one operation that changes an agent's resources. Times in milliseconds since the epoch. */
export const OperationRecord = Type.Object({
  /** Base64 of 16 bytes. */
  operationUuid: Type.String(),
  /** The framework's own id of it, if it gave one. */
  operationId: Type.Optional(Type.String()),
  agentId: Type.String(),
  /** Absent for an operator's. */
  frameworkId: Type.Optional(Type.String()),
  /** Role that its resources were allocated to; absent for an operator's. */
  role: Type.Optional(Type.String()),
  /** As accepted, post-refinement, with `allocation_info` filled in. */
  info: document<OfferOperation>(),
  /** OPERATION_PENDING until its agent has reported. */
  latestStatus: document<OperationStatus>(),
  /** Statuses in order, one per consecutive equal state: the last of each. */
  statuses: Type.Array(document<OperationStatus>()),
  acceptedAtMs: Type.Number(),
  /** First terminal state. */
  endedAtMs: Type.Optional(Type.Number()),
  /** W3C trace id of the ACCEPT, 32 hex digits. */
  traceId: Type.String(),
});
export type OperationRecord = Static<typeof OperationRecord>;

/** One operation as its agent knows it, told on registration: pending there, or ended and not acknowledged yet. */
export const OperationReport = Type.Object({
  operationUuid: Type.String(),
  operationId: Type.Optional(Type.String()),
  frameworkId: Type.Optional(Type.String()),
  info: document<OfferOperation>(),
  /** Newest status the agent has made. OPERATION_PENDING: taken and not applied yet, so the reported total does not have its result. */
  latestStatus: document<OperationStatus>(),
});
export type OperationReport = Static<typeof OperationReport>;
