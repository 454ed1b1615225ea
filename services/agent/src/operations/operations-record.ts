import type { OperationStatus, Resource } from '@tranche/mesos-api';
import type { AgentOperation, OperationRequest } from './agent-operation.js';

/** A volume that was destroyed and whose data is still to be deleted. JSON-safe. */
export interface DoomedVolume {
  /** The volume as it was: a v1 document. */
  readonly volume: Resource;
  /** Name under which its data is put aside; contains no slash. */
  readonly trash: string;
}

/** Entries of the agent's journal about operations, reservations and volumes; the rules of `CheckpointRecord` hold. */
export type OperationsRecord =
  /** An operation was carried out or refused. One record, so that its result and its status are safe together. */
  | {
      readonly kind: 'operation';
      readonly request: OperationRequest;
      readonly status: OperationStatus;
      /** Every reservation and volume after it; absent when it changed none. */
      readonly checkpointed?: readonly Resource[];
      /** Volumes it destroyed: their data is deleted from now on. */
      readonly doomed?: readonly DoomedVolume[];
    }
  | {
      readonly kind: 'operation-acknowledged';
      readonly operationUuid: string;
      /** Base64 of 16 bytes. */
      readonly statusUuid: string;
    }
  /** The data of these destroyed volumes is gone. */
  | { readonly kind: 'volumes-removed'; readonly trashes: readonly string[] }
  /** Snapshot only: the operations part of the state. */
  | {
      readonly kind: 'restored-operations';
      readonly operations: readonly AgentOperation[];
      readonly checkpointed: readonly Resource[];
      readonly doomed: readonly DoomedVolume[];
    };
