import { hasEnded, type Operation } from './operation.js';

/** How many acknowledged operations are remembered; one that was forgotten here is told to its framework once more. */
const MAX_ACKNOWLEDGED = 10_000;
/** How many that were done are remembered of an agent until it registers. */
const MAX_DONE = 200;

/** Operations that are kept: those without an end, and ended ones whose framework has not acknowledged it. */
export class OperationTable {
  private readonly operations = new Map<string, Operation>();
  private readonly byAgent = new Map<string, Set<Operation>>();
  private readonly byFramework = new Map<string, Set<Operation>>();
  /** By framework and its own id of the operation. */
  private readonly byName = new Map<string, Operation>();

  /** Done and acknowledged since the agent last registered: a registration that took another way may not know of them yet. */
  private readonly done = new Map<string, Operation[]>();

  /** Operations whose last status was acknowledged, and by which uuid: an agent that missed that is told again. */
  private readonly acknowledged = new Map<string, string>();

  /** Who waits until nothing more will come of an operation. */
  private readonly awaited = new Map<Operation, () => void>();

  get(operationUuid: string): Operation | undefined {
    return this.operations.get(operationUuid);
  }

  /** The newest of a framework's operations that it gave this id. */
  named(frameworkId: string, operationId: string): Operation | undefined {
    return this.byName.get(nameOf(frameworkId, operationId));
  }

  add(operation: Operation): void {
    const { operationUuid, agentId, frameworkId, operationId } = operation.record;
    this.operations.set(operationUuid, operation);
    addTo(this.byAgent, agentId, operation);
    if (frameworkId === undefined) return;
    addTo(this.byFramework, frameworkId, operation);
    if (operationId !== undefined) this.byName.set(nameOf(frameworkId, operationId), operation);
  }

  /** Calls back once, when the operation is removed. At most one waits for each. */
  whenRemoved(operation: Operation, call: () => void): void {
    this.awaited.set(operation, call);
  }

  noteAcknowledged(operationUuid: string, statusUuid: string): void {
    this.acknowledged.delete(operationUuid);
    this.acknowledged.set(operationUuid, statusUuid);
    if (this.acknowledged.size <= MAX_ACKNOWLEDGED) return;
    for (const oldest of this.acknowledged.keys()) {
      this.acknowledged.delete(oldest);
      return;
    }
  }

  isAcknowledged(operationUuid: string, statusUuid: string): boolean {
    return this.acknowledged.get(operationUuid) === statusUuid;
  }

  remove(operation: Operation): void {
    const { operationUuid, agentId, frameworkId, operationId } = operation.record;
    this.remember(operation);
    this.operations.delete(operationUuid);
    this.awaited.get(operation)?.();
    this.awaited.delete(operation);
    dropFrom(this.byAgent, agentId, operation);
    if (frameworkId === undefined) return;
    dropFrom(this.byFramework, frameworkId, operation);
    const name = nameOf(frameworkId, operationId ?? '');
    if (this.byName.get(name) === operation) this.byName.delete(name);
  }

  /** In the order in which they were accepted. A copy: the caller may remove them on the way. */
  ofAgent(agentId: string): Operation[] {
    return [...(this.byAgent.get(agentId) ?? [])];
  }

  /** In the order in which they were accepted. A copy. */
  ofFramework(frameworkId: string): Operation[] {
    return [...(this.byFramework.get(frameworkId) ?? [])];
  }

  /** Those that the agent may still have to do. */
  pendingOf(agentId: string): Operation[] {
    return this.ofAgent(agentId).filter((operation) => !hasEnded(operation));
  }

  /**
   * Takes those that were done and acknowledged before an agent's registration is heard.
   *
   * @param isHeardSince whether the agent has told of it after it had described itself. The others are part of that
   */
  takeDone(agentId: string, isHeardSince: (operation: Operation) => boolean): Operation[] {
    const since = (this.done.get(agentId) ?? []).filter(isHeardSince);
    if (since.length === 0) this.done.delete(agentId);
    else this.done.set(agentId, since);
    return since;
  }

  private remember(operation: Operation): void {
    const { agentId, latestStatus } = operation.record;
    if (operation.heard === undefined || latestStatus.state !== 'OPERATION_FINISHED') return;
    this.done.set(agentId, [...(this.done.get(agentId) ?? []), operation].slice(-MAX_DONE));
  }

  all(): IterableIterator<Operation> {
    return this.operations.values();
  }
}

const nameOf = (frameworkId: string, operationId: string): string => JSON.stringify([frameworkId, operationId]);

function addTo(map: Map<string, Set<Operation>>, key: string, operation: Operation): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([operation]));
  else known.add(operation);
}

function dropFrom(map: Map<string, Set<Operation>>, key: string, operation: Operation): void {
  const operations = map.get(key);
  operations?.delete(operation);
  if (operations?.size === 0) map.delete(key);
}
