import type { Resource } from '@tranche/mesos-api';
import type { AgentOperation } from './agent-operation.js';
import type { DoomedVolume, OperationsRecord } from './operations-record.js';

/** How many operations that nobody waits for are remembered: a repetition of one of them changes nothing. */
export const MAX_ENDED_OPERATIONS = 1_000;

/**
 * The operations part of what the agent knows: operations, reserved resources and volumes, and volumes that are to be deleted.
 *
 * Part of `AgentState`: the sum of the records, live and replayed alike.
 */
export class OperationBook {
  /** Oldest first. */
  private readonly byUuid = new Map<string, AgentOperation>();
  private kept: readonly Resource[] = [];
  private removals: readonly DoomedVolume[] = [];

  /** Dynamically reserved resources and persistent volumes, whether the agent has room for them or not. v1 documents. */
  get checkpointed(): readonly Resource[] {
    return this.kept;
  }

  /** Volumes whose data has to be deleted yet. */
  get doomed(): readonly DoomedVolume[] {
    return this.removals;
  }

  /** Those that wait for an acknowledgement, and the latest of those that don't. Oldest first. */
  get operations(): Iterable<AgentOperation> {
    return this.byUuid.values();
  }

  operation(operationUuid: string): AgentOperation | undefined {
    return this.byUuid.get(operationUuid);
  }

  apply(record: OperationsRecord): void {
    switch (record.kind) {
      case 'operation':
        return this.add(record);
      case 'operation-acknowledged':
        return this.acknowledge(record.operationUuid, record.statusUuid);
      case 'volumes-removed':
        this.removals = this.removals.filter(({ trash }) => !record.trashes.includes(trash));
        return;
      case 'restored-operations':
        for (const operation of record.operations) this.byUuid.set(operation.operationUuid, operation);
        this.kept = record.checkpointed;
        this.removals = record.doomed;
        return;
      default:
        throw new Error(`no such record: ${JSON.stringify(record satisfies never)}`);
    }
  }

  *snapshot(): Generator<OperationsRecord> {
    if (this.byUuid.size === 0 && this.kept.length === 0 && this.removals.length === 0) return;
    const operations = [...this.byUuid.values()];
    yield { kind: 'restored-operations', operations, checkpointed: this.kept, doomed: this.removals };
  }

  private add({ request, status, checkpointed, doomed }: Extract<OperationsRecord, { kind: 'operation' }>): void {
    if (this.byUuid.has(request.operationUuid)) return;
    if (checkpointed !== undefined) this.kept = checkpointed;
    if (doomed !== undefined) this.removals = [...this.removals, ...doomed];
    this.byUuid.set(request.operationUuid, { ...request, status, isPending: status.uuid !== undefined });
    this.forgetOld();
  }

  private acknowledge(operationUuid: string, statusUuid: string): void {
    const operation = this.byUuid.get(operationUuid);
    if (operation?.status.uuid?.value !== statusUuid) return;
    this.byUuid.set(operationUuid, { ...operation, isPending: false });
    this.forgetOld();
  }

  private forgetOld(): void {
    if (this.byUuid.size <= MAX_ENDED_OPERATIONS) return;
    const ended = [...this.byUuid.values()].filter(({ isPending }) => !isPending);
    for (const { operationUuid } of ended.slice(0, Math.max(0, ended.length - MAX_ENDED_OPERATIONS))) {
      this.byUuid.delete(operationUuid);
    }
  }
}
