import {
  type AcknowledgeOperationStatus,
  AcknowledgeOperationStatusV1,
  type AcknowledgeStatus,
  AcknowledgeStatusV1,
  type DeliverMessage,
  DeliverMessageV1,
  type ApplyOperations,
  ApplyOperationsV1,
  type CommandContract,
  type KillTask,
  KillTaskV1,
  type LaunchTaskGroups,
  LaunchTaskGroupsV1,
  type LaunchTasks,
  LaunchTasksV1,
  queueOf,
  type ShutdownExecutor,
  ShutdownExecutorV1,
  ReregisterAgentV1,
  type ShutdownFramework,
  ShutdownFrameworkV1,
  type UpdateFramework,
  UpdateFrameworkV1,
} from '@tranche/contracts';
import { AbandonedError, type MessageBus, UnroutableError } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { AgentCommands, LaunchDelivery } from './agent-commands.port.js';

/** Sends to the agents' queues. */
export class AgentCommandsBus implements AgentCommands {
  constructor(
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly logger: Logger,
    /** Settles when all that has changed until now is in the database. */
    private readonly stored: () => Promise<void>,
  ) {}

  launch(agentId: string, items: readonly LaunchTasks[]): Promise<LaunchDelivery> {
    return this.delivered(LaunchTasksV1, agentId, items);
  }

  launchGroups(agentId: string, items: readonly LaunchTaskGroups[]): Promise<LaunchDelivery> {
    return this.delivered(LaunchTaskGroupsV1, agentId, items);
  }

  apply(agentId: string, items: readonly ApplyOperations[]): Promise<LaunchDelivery> {
    return this.delivered(ApplyOperationsV1, agentId, items);
  }

  acknowledgeOperation(agentId: string, item: AcknowledgeOperationStatus): void {
    const send = (): Promise<void> => this.bus.send(AcknowledgeOperationStatusV1, queueOf('agent', agentId), [item]);
    this.noted(agentId, this.stored().then(send));
  }

  async reregister(agentId: string, reason: string): Promise<boolean> {
    this.logger.info('agent asked to register again', { agentId, reason });
    return (await this.delivered(ReregisterAgentV1, agentId, [{ agentId, reason }])) === 'delivered';
  }

  kill(agentId: string, item: KillTask): void {
    this.noted(agentId, this.bus.send(KillTaskV1, queueOf('agent', agentId), [item]));
  }

  acknowledge(agentId: string, item: AcknowledgeStatus): void {
    this.noted(agentId, this.bus.send(AcknowledgeStatusV1, queueOf('agent', agentId), [item]));
  }

  acknowledgeEnd(agentId: string, item: AcknowledgeStatus): void {
    const sent = this.stored().then(() => this.bus.send(AcknowledgeStatusV1, queueOf('agent', agentId), [item]));
    this.noted(agentId, sent);
  }

  shutdownExecutor(agentId: string, item: ShutdownExecutor): void {
    this.noted(agentId, this.bus.send(ShutdownExecutorV1, queueOf('agent', agentId), [item]));
  }

  deliverMessage(agentId: string, item: DeliverMessage): void {
    this.noted(agentId, this.bus.send(DeliverMessageV1, queueOf('agent', agentId), [item]));
  }

  updateFramework(agentId: string, item: UpdateFramework): void {
    this.noted(agentId, this.bus.send(UpdateFrameworkV1, queueOf('agent', agentId), [item]));
  }

  shutdownFramework(agentId: string, item: ShutdownFramework): void {
    this.noted(agentId, this.bus.send(ShutdownFrameworkV1, queueOf('agent', agentId), [item]));
  }

  private async delivered<I>(
    contract: CommandContract<I>,
    agentId: string,
    items: readonly I[],
  ): Promise<LaunchDelivery> {
    try {
      await this.bus.send(contract, queueOf('agent', agentId), items);
      return 'delivered';
    } catch (error) {
      this.logger.warn(`${contract.name} not sent`, { agentId, items: items.length, error });
      if (error instanceof AbandonedError) return 'abandoned';
      return error instanceof UnroutableError ? 'agent-gone' : 'broker-away';
    }
  }

  /** The agent repeats what it waits for, and is told the rest again when it registers. */
  private noted(agentId: string, sent: Promise<void>): void {
    sent.catch((error: unknown) => this.logger.info('agent not reached', { agentId, error }));
  }
}
