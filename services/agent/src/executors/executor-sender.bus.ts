import { ForwardMessageV1, queueOf, ReportExecutorEndV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import { inTaskTrace } from '../tasks/task-trace.js';
import type { AgentExecutor } from './agent-executor.js';
import type { ExecutorSender } from './executor-sender.port.js';

/** Tells the service that holds the frameworks' streams. */
export class BusExecutorSender implements ExecutorSender {
  constructor(
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly agentId: () => string,
    private readonly logger: Logger,
  ) {}

  async ended(executor: AgentExecutor, status: number): Promise<void> {
    const { frameworkId, executorId } = executor;
    const item = { agentId: this.agentId(), frameworkId, executorId, status };
    await inTaskTrace(executor, () => this.bus.send(ReportExecutorEndV1, queueOf('offers'), [item]));
  }

  message(executor: AgentExecutor, data: string): void {
    const { frameworkId, executorId } = executor;
    const item = { agentId: this.agentId(), frameworkId, executorId, data };
    inTaskTrace(executor, () => {
      this.bus.send(ForwardMessageV1, queueOf('offers'), [item]).catch((error: unknown) => {
        this.logger.warn('message of an executor is lost', { frameworkId, executorId, error });
      });
    });
  }
}
