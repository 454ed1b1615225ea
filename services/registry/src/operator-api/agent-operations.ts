import type { AgentID, MasterCall, OfferOperation } from '@tranche/mesos-api';

/** An operation on what is free on an agent. */
export interface AskedOperation {
  readonly agentId: string;
  readonly info: OfferOperation;
}

/** The operation of a call about reservations and volumes; undefined for any other. Its member was checked to be there. */
export function operationOf(call: MasterCall): (Omit<AskedOperation, 'agentId'> & Partial<AskedOperation>) | undefined {
  switch (call.type) {
    case 'RESERVE_RESOURCES': {
      const { agent_id, ...reserve } = call.reserve_resources ?? {};
      return { ...on(agent_id), info: { type: 'RESERVE', reserve } };
    }
    case 'UNRESERVE_RESOURCES': {
      const { agent_id, ...unreserve } = call.unreserve_resources ?? {};
      return { ...on(agent_id), info: { type: 'UNRESERVE', unreserve } };
    }
    case 'CREATE_VOLUMES': {
      const { agent_id, ...create } = call.create_volumes ?? {};
      return { ...on(agent_id), info: { type: 'CREATE', create } };
    }
    case 'DESTROY_VOLUMES': {
      const { agent_id, ...destroy } = call.destroy_volumes ?? {};
      return { ...on(agent_id), info: { type: 'DESTROY', destroy } };
    }
    case 'GROW_VOLUME': {
      if (call.grow_volume === undefined) return undefined;
      const { agent_id, ...grow } = call.grow_volume;
      return { ...on(agent_id), info: { type: 'GROW_VOLUME', grow_volume: grow } };
    }
    case 'SHRINK_VOLUME': {
      if (call.shrink_volume === undefined) return undefined;
      const { agent_id, ...shrink } = call.shrink_volume;
      return { ...on(agent_id), info: { type: 'SHRINK_VOLUME', shrink_volume: shrink } };
    }
    default:
      return undefined;
  }
}

const on = (agentId: AgentID | undefined): Partial<AskedOperation> =>
  agentId === undefined ? {} : { agentId: agentId.value };
