import {
  OperateAgentV1,
  OperatorCallV1,
  operatorsQueueOf,
  type PartitionCounts,
  partitionOf,
  partitionQueueOf,
  type QueryContract,
  queueOf,
  TeardownFrameworkV1,
} from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { MasterCall } from '@tranche/mesos-api';
import type { AskedOperation } from './agent-operations.js';
import { type CallAnswer, DONE, refuse, respond } from './call-answer.js';

/** Longer than `offers` waits for the allocator and the agent together. */
const OPERATION_TIMEOUT_MS = 20_000;

/** Calls that belong to other services. One that is away is no defect of ours: 503, with why. */
export class AskedServices {
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly partitions: PartitionCounts = {},
  ) {}

  /** A call about roles, of `quota`. */
  roles(call: MasterCall): Promise<CallAnswer> {
    return this.asked(OperatorCallV1, queueOf('quota'), { call }, ({ outcome, response, message = '' }) => {
      if (outcome === 'done') return DONE;
      return outcome === 'answered' ? respond(response ?? {}) : refuse({ kind: outcome, message });
    });
  }

  /** An operation on what is free on an agent. @source operator API §2.2 */
  operation({ agentId, info }: AskedOperation, principal: string | undefined): Promise<CallAnswer> {
    const queue = operatorsQueueOf(this.partitions);
    const asked = { agentId, info, ...(principal === undefined ? {} : { principal }) };
    return this.asked(OperateAgentV1, queue, asked, ({ outcome, message = '' }) =>
      outcome === 'accepted' ? { kind: 'accepted' } : refuse({ kind: outcome, message }),
    );
  }

  /** Ends a framework. */
  teardown(frameworkId: string): Promise<CallAnswer> {
    const queue = partitionQueueOf('offers', partitionOf(frameworkId, this.partitions['offers'] ?? 1));
    return this.asked(TeardownFrameworkV1, queue, { frameworkId }, ({ isKnown }) =>
      isKnown ? DONE : refuse({ kind: 'bad-request', message: 'No framework found with specified ID' }),
    );
  }

  private async asked<Q, R>(
    contract: QueryContract<Q, R>,
    queue: string,
    request: Q,
    answered: (response: R) => CallAnswer,
  ): Promise<CallAnswer> {
    try {
      return answered(await this.bus.ask(contract, queue, request, { timeoutMs: OPERATION_TIMEOUT_MS }));
    } catch (error) {
      return refuse({ kind: 'unavailable', message: error instanceof Error ? error.message : String(error) });
    }
  }
}
