import { isIn, type OperationRecord, type OperationUpdated, type Partition, WHOLE } from '@tranche/contracts';

/** Operations that `offers` keeps, in the order in which they were accepted. */
export class OperationList {
  private readonly operations = new Map<string, OperationRecord>();

  apply({ operation, removed }: OperationUpdated): 'applied' {
    if (removed) this.operations.delete(operation.operationUuid);
    else this.operations.set(operation.operationUuid, operation);
    return 'applied';
  }

  /** All there are of a partition's frameworks, from a snapshot. */
  replace(operations: readonly OperationRecord[], partition: Partition = WHOLE): void {
    for (const { operationUuid, frameworkId = '' } of [...this.operations.values()]) {
      if (isIn(partition, frameworkId)) this.operations.delete(operationUuid);
    }
    for (const operation of operations) this.operations.set(operation.operationUuid, operation);
  }

  all(): Iterable<OperationRecord> {
    return this.operations.values();
  }
}
