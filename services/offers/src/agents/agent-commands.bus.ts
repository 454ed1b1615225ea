import {
  type AcknowledgeStatus,
  AcknowledgeStatusV1,
  type DeliverMessage,
  DeliverMessageV1,
  type KillTask,
  KillTaskV1,
  type LaunchTasks,
  LaunchTasksV1,
  queueOf,
  type ShutdownExecutor,
  ShutdownExecutorV1,
  type ShutdownFramework,
  ShutdownFrameworkV1,
  type UpdateFramework,
  UpdateFrameworkV1,
} from '@tranche/contracts';
import { type MessageBus, UnroutableError } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { AgentCommands, LaunchDelivery } from './agent-commands.port.js';

/** Sends to the agents' queues. */
export class AgentCommandsBus implements AgentCommands {
  constructor(
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly logger: Logger,
  ) {}

  async launch(agentId: string, items: readonly LaunchTasks[]): Promise<LaunchDelivery> {
    try {
      await this.bus.send(LaunchTasksV1, queueOf('agent', agentId), items);
      return 'delivered';
    } catch (error) {
      this.logger.warn('launch not sent', { agentId, tasks: items.length, error });
      return error instanceof UnroutableError ? 'agent-gone' : 'broker-away';
    }
  }

  kill(agentId: string, item: KillTask): void {
    this.noted(agentId, this.bus.send(KillTaskV1, queueOf('agent', agentId), [item]));
  }

  acknowledge(agentId: string, item: AcknowledgeStatus): void {
    this.noted(agentId, this.bus.send(AcknowledgeStatusV1, queueOf('agent', agentId), [item]));
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

  /** The agent repeats what it waits for, and is told the rest again when it registers. */
  private noted(agentId: string, sent: Promise<void>): void {
    sent.catch((error: unknown) => this.logger.info('agent not reached', { agentId, error }));
  }
}
