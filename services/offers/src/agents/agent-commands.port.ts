import type {
  AcknowledgeOperationStatus,
  AcknowledgeStatus,
  ApplyOperations,
  DeliverMessage,
  KillTask,
  LaunchTaskGroups,
  LaunchTasks,
  ShutdownExecutor,
  ShutdownFramework,
  UpdateFramework,
} from '@tranche/contracts';

/**
 * What became of a launch or of operations: with its queue, at no queue (the agent is gone), never sent because the broker is away; or not known,
 * because this life of the service has ended: then it is for the next one to find out, and to tell.
 */
export type LaunchDelivery = 'delivered' | 'agent-gone' | 'broker-away' | 'abandoned';

/** What this service tells agents. Only launches and operations are waited for; the others are repeated when the agent registers again. */
export interface AgentCommands {
  /** @returns when the broker has the tasks, or cannot have them; never rejects */
  launch(agentId: string, items: readonly LaunchTasks[]): Promise<LaunchDelivery>;
  /** @returns likewise */
  launchGroups(agentId: string, items: readonly LaunchTaskGroups[]): Promise<LaunchDelivery>;
  /** @returns likewise */
  apply(agentId: string, items: readonly ApplyOperations[]): Promise<LaunchDelivery>;
  /** The agent forgets an operation that has ended by it: sent once the database has what is known of it, and else not at all. */
  acknowledgeOperation(agentId: string, item: AcknowledgeOperationStatus): void;
  /** Asks for the agent's truth. @param reason for its log @returns whether the broker has the question; never rejects */
  reregister(agentId: string, reason: string): Promise<boolean>;
  kill(agentId: string, item: KillTask): void;
  acknowledge(agentId: string, item: AcknowledgeStatus): void;
  /** Of a task's last update: the agent forgets the task by it, so it is sent once the database has the end, and else not at all. */
  acknowledgeEnd(agentId: string, item: AcknowledgeStatus): void;
  /** Asked again by the scheduler, if it matters to it: nothing repeats it. */
  shutdownExecutor(agentId: string, item: ShutdownExecutor): void;
  /** Best effort. */
  deliverMessage(agentId: string, item: DeliverMessage): void;
  updateFramework(agentId: string, item: UpdateFramework): void;
  shutdownFramework(agentId: string, item: ShutdownFramework): void;
}
