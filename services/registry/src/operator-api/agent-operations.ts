import { OperateAgentV1, type OperateAnswer, operatorsQueueOf, type PartitionCounts } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { ApiRefusal, MasterCall, OfferOperation } from '@tranche/mesos-api';

/** An operation on what is free on an agent. */
interface AskedOperation {
  readonly agentId: string | undefined;
  readonly info: OfferOperation;
}

/** Longer than `offers` waits for the allocator and the agent together. */
const TIMEOUT_MS = 20_000;

/** The operation of a call about reservations and volumes; undefined for any other. Its member was checked to be there. */
export function operationOf(call: MasterCall): AskedOperation | undefined {
  switch (call.type) {
    case 'RESERVE_RESOURCES': {
      const { agent_id, ...reserve } = call.reserve_resources ?? {};
      return { agentId: agent_id?.value, info: { type: 'RESERVE', reserve } };
    }
    case 'UNRESERVE_RESOURCES': {
      const { agent_id, ...unreserve } = call.unreserve_resources ?? {};
      return { agentId: agent_id?.value, info: { type: 'UNRESERVE', unreserve } };
    }
    case 'CREATE_VOLUMES': {
      const { agent_id, ...create } = call.create_volumes ?? {};
      return { agentId: agent_id?.value, info: { type: 'CREATE', create } };
    }
    case 'DESTROY_VOLUMES': {
      const { agent_id, ...destroy } = call.destroy_volumes ?? {};
      return { agentId: agent_id?.value, info: { type: 'DESTROY', destroy } };
    }
    case 'GROW_VOLUME': {
      if (call.grow_volume === undefined) return undefined;
      const { agent_id, ...grow } = call.grow_volume;
      return { agentId: agent_id?.value, info: { type: 'GROW_VOLUME', grow_volume: grow } };
    }
    case 'SHRINK_VOLUME': {
      if (call.shrink_volume === undefined) return undefined;
      const { agent_id, ...shrink } = call.shrink_volume;
      return { agentId: agent_id?.value, info: { type: 'SHRINK_VOLUME', shrink_volume: shrink } };
    }
    default:
      return undefined;
  }
}

/** Operations are done by `offers`, which owns what agents have. @source operator API §2.2 */
export class AgentOperations {
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly partitions: PartitionCounts | undefined,
  ) {}

  /** @returns why it is not done; undefined when the agent has it */
  async carryOut({ agentId, info }: AskedOperation): Promise<ApiRefusal | undefined> {
    if (agentId === undefined) {
      return { kind: 'bad-request', message: `Operation '${info.type ?? 'UNKNOWN'}' needs 'agent_id' to be set` };
    }
    const { outcome, message = '' } = await this.ask(agentId, info);
    return outcome === 'accepted' ? undefined : { kind: outcome, message };
  }

  private async ask(agentId: string, info: OfferOperation): Promise<OperateAnswer> {
    try {
      const request = { agentId, info };
      return await this.bus.ask(OperateAgentV1, operatorsQueueOf(this.partitions), request, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      return { outcome: 'unavailable', message: error instanceof Error ? error.message : String(error) };
    }
  }
}
