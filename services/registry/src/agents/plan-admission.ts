import type { AgentRecord, RegisterAgentRequest } from '@tranche/contracts';
import type { Unavailability } from '@tranche/mesos-api';
import { validateResources } from '@tranche/resources';
import type { AgentRoster } from './agent-roster.js';
import { machineOf, type Maintenance, modeOf, NO_MAINTENANCE, unavailabilityOf } from '../maintenance/maintenance.js';
import { nextAgentState } from './agent-state.js';
import type { KnownAgent } from './known-agent.js';

export type Admission =
  | {
      readonly ok: true;
      readonly known: KnownAgent;
      /** False for an agent that came without an id. */
      readonly reregistered: boolean;
      /** The agent that was at this address before under another id: it is removed first. */
      readonly replaced?: KnownAgent;
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Decides on an agent's request to be admitted; changes nothing but the roster's next number.
 *
 * An agent comes with its id from before, known here or not (the registry may have lost its database), or without one and gets a new
 * id. A request without an id from an address whose agent has never sent a heartbeat is a repetition: the answer was lost on its way,
 * and the same id is given again.
 *
 * @param maintenance in force
 * @returns the refusal of an agent that was declared gone, whose machine is down, or that says of itself what cannot be
 */
export function planAdmission(
  roster: AgentRoster,
  request: RegisterAgentRequest,
  nowMs: number,
  maintenance: Maintenance = NO_MAINTENANCE,
): Admission {
  const atAddress = roster.at(request);
  const before = request.agentId === undefined ? repeated(atAddress) : roster.get(request.agentId);
  if (before !== undefined && nextAgentState(before.record.state, 'registered') === undefined) {
    return { ok: false, reason: `agent ${before.record.agentId} was declared gone and may not come back` };
  }
  if (modeOf(maintenance, machineOf(request)) === 'DOWN') {
    return { ok: false, reason: `machine ${request.hostname} (${request.ip}) is DOWN: it is under maintenance` };
  }
  const error = validateResources(request.resources);
  if (error !== undefined) return { ok: false, reason: `its resources are invalid: ${error}` };
  const agentId = request.agentId ?? before?.record.agentId ?? roster.newId();
  const record = recordOf(agentId, request, before?.record, nowMs, unavailabilityOf(maintenance, request));
  const replaced = atAddress !== undefined && atAddress.record.agentId !== agentId ? { replaced: atAddress } : {};
  return {
    ok: true,
    known: { record, isRecovered: false, hasHeartbeat: false },
    reregistered: request.agentId !== undefined,
    ...replaced,
  };
}

const repeated = (atAddress: KnownAgent | undefined): KnownAgent | undefined =>
  atAddress !== undefined && !atAddress.isRecovered && !atAddress.hasHeartbeat ? atAddress : undefined;

function recordOf(
  agentId: string,
  request: RegisterAgentRequest,
  before: AgentRecord | undefined,
  nowMs: number,
  unavailability: Unavailability | undefined,
): AgentRecord {
  const state =
    before === undefined ? 'active' : (nextAgentState(before.state, 'registered', before.isDeactivated) ?? 'active');
  const isSameState = before?.state === state;
  return {
    agentId,
    hostname: request.hostname,
    ip: request.ip,
    port: request.port,
    ...(request.scheme === undefined ? {} : { scheme: request.scheme }),
    version: request.version,
    state,
    ...(isSameState && before.stateReason !== undefined ? { stateReason: before.stateReason } : {}),
    stateSinceMs: isSameState ? before.stateSinceMs : nowMs,
    ...(before?.isDeactivated === true ? { isDeactivated: true } : {}),
    ...(before?.drain === undefined ? {} : { drain: before.drain }),
    resources: request.resources,
    attributes: request.attributes,
    ...(request.domain === undefined ? {} : { domain: request.domain }),
    capabilities: request.capabilities,
    ...(unavailability === undefined ? {} : { unavailability }),
    registeredAtMs: before?.registeredAtMs ?? nowMs,
    // A repetition is the first registration still.
    ...(request.agentId === undefined ? {} : { reregisteredAtMs: nowMs }),
  };
}
