import {
  type OperateAgent,
  OperateAgentV1,
  type OperateAnswer,
  operatorsQueueOf,
  type PartitionCounts,
} from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { AgentOperations } from './agent-operations.port.js';

/** Longer than `offers` waits for the allocator and the agent together. */
const TIMEOUT_MS = 20_000;

/** Asks `offers`, which owns what agents have. */
export class AgentOperationsBus implements AgentOperations {
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly partitions: PartitionCounts | undefined,
  ) {}

  async operate(request: OperateAgent): Promise<OperateAnswer> {
    try {
      return await this.bus.ask(OperateAgentV1, operatorsQueueOf(this.partitions), request, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { outcome: 'unavailable', message };
    }
  }
}
