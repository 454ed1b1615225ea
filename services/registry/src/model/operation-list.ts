import type { OperationRecord, OperationUpdated } from '@tranche/contracts';

/** Operations that `offers` keeps, in the order in which they were accepted. */
export class OperationList {
  private readonly operations = new Map<string, OperationRecord>();

  apply({ operation, removed }: OperationUpdated): 'applied' {
    if (removed) this.operations.delete(operation.operationUuid);
    else this.operations.set(operation.operationUuid, operation);
    return 'applied';
  }

  /** All there are, from a snapshot. */
  replace(operations: readonly OperationRecord[]): void {
    this.operations.clear();
    for (const operation of operations) this.operations.set(operation.operationUuid, operation);
  }

  all(): Iterable<OperationRecord> {
    return this.operations.values();
  }
}
