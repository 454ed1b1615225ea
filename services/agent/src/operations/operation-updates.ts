import type { OperationReport } from '@tranche/contracts';
import type { TimerClock } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import { Resends } from '../updates/resends.js';
import type { AgentOperation } from './agent-operation.js';

/** How many ended operations that nobody acknowledges are told again when the agent registers. */
const MAX_REPORTED = 200;

/** Brings a status on its way to the control plane. Never fails: what gets lost is sent or told again. */
export interface OperationSender {
  send(operation: AgentOperation): void;
}

/**
 * The operation's way to be heard: its status is on disk before it is sent, and sent again and again until it is acknowledged.
 *
 * An operation without an id of its framework's has nobody who would acknowledge it: it is told once, and again at each registration.
 * Nothing is sent while the agent is not registered.
 */
export class OperationUpdates {
  private readonly resends: Resends;
  private paused = true;

  constructor(
    private readonly ledger: Ledger,
    private readonly sender: OperationSender,
    clock: TimerClock,
  ) {
    this.resends = new Resends(clock);
  }

  /** Sends an operation's status, which is on disk. A repetition of an operation has it sent once more. */
  send(operation: AgentOperation): void {
    if (this.paused) return;
    if (!operation.isPending) return this.sender.send(operation);
    this.resends.land(operation.operationUuid);
    this.fly(operation);
  }

  /** The framework has the status. Anything but the newest is stale and ignored. */
  acknowledge(operationUuid: string, statusUuid: string): void {
    const operation = this.ledger.state.operations.operation(operationUuid);
    if (operation?.isPending !== true || operation.status.uuid?.value !== statusUuid) return;
    this.resends.land(operationUuid);
    this.ledger.note({ kind: 'operation-acknowledged', operationUuid, statusUuid });
  }

  /** The control plane listens (again): sends every status that was not acknowledged. */
  resume(): void {
    this.paused = false;
    for (const operation of this.ledger.state.operations.operations) if (operation.isPending) this.send(operation);
  }

  /** What was on its way may be lost: sends it again at once, if anything is sent at all. */
  repeat(): void {
    if (!this.paused) this.resume();
  }

  /** Sends nothing until `resume`. */
  pause(): void {
    this.paused = true;
    this.resends.landAll();
  }

  /** What is told at registration: operations that wait for an acknowledgement, and the latest of those that nobody acknowledges. */
  reports(): OperationReport[] {
    const all = [...this.ledger.state.operations.operations];
    const told = new Set(all.filter(({ status }) => status.uuid === undefined).slice(-MAX_REPORTED));
    return all
      .filter((operation) => operation.isPending || told.has(operation))
      .map(({ operationUuid, operationId, frameworkId, info, status }) => ({
        operationUuid,
        ...(operationId === undefined ? {} : { operationId }),
        ...(frameworkId === undefined ? {} : { frameworkId }),
        info,
        latestStatus: status,
      }));
  }

  private fly(operation: AgentOperation): void {
    const { operationUuid, status } = operation;
    this.resends.launch(operationUuid, status.uuid?.value ?? '', () => this.sender.send(operation));
  }
}
