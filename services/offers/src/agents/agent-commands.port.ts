import type {
  AcknowledgeStatus,
  DeliverMessage,
  KillTask,
  LaunchTasks,
  ShutdownExecutor,
  ShutdownFramework,
  UpdateFramework,
} from '@tranche/contracts';

/** What became of a launch: with its queue, at no queue (the agent is gone), or unknown because the broker is away. */
export type LaunchDelivery = 'delivered' | 'agent-gone' | 'broker-away';

/** What this service tells agents. Only launches are waited for; the others are repeated when the agent registers again. */
export interface AgentCommands {
  /** @returns when the broker has the tasks, or cannot have them; never rejects */
  launch(agentId: string, items: readonly LaunchTasks[]): Promise<LaunchDelivery>;
  kill(agentId: string, item: KillTask): void;
  acknowledge(agentId: string, item: AcknowledgeStatus): void;
  /** Asked again by the scheduler, if it matters to it: nothing repeats it. */
  shutdownExecutor(agentId: string, item: ShutdownExecutor): void;
  /** Best effort. */
  deliverMessage(agentId: string, item: DeliverMessage): void;
  updateFramework(agentId: string, item: UpdateFramework): void;
  shutdownFramework(agentId: string, item: ShutdownFramework): void;
}
