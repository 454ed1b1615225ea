import type { OfferOperation } from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import type { Agent } from '../../agents/agent.js';

/** A framework that asks for an operation on what it was offered. */
export interface AskingFramework {
  readonly frameworkId: string;
  readonly roles: readonly string[];
  readonly capabilities: ReadonlySet<string>;
}

/** Who asks for an operation. */
export interface OperationAsker {
  /** Absent: an operator asks, for what is free on the agent. */
  readonly framework?: AskingFramework;
  /** Of its `FrameworkInfo`, or as it has authenticated; reservations and volumes must carry it. */
  readonly principal?: string | undefined;
}

/** What an operation is judged by. */
export interface OperationScene {
  readonly asker: OperationAsker;
  readonly agent: Agent;
  /** The agent's total, operations that were accepted before included; without allocation roles. */
  readonly total: Resources;
  /** What tasks and executors hold there, each alone; without allocation roles. */
  readonly used: readonly Resources[];
}

/**
 * What must hold for one type of operation. Its resources are valid each in itself, in post-refinement form, and a framework's have
 * allocation roles.
 *
 * @returns why it does not, in Mesos' words: the message of the OPERATION_ERROR status; undefined when it holds
 * @source scheduler API §5.3; order and texts of Mesos 1.11
 */
export type OperationRule = (operation: OfferOperation, scene: OperationScene) => string | undefined;
