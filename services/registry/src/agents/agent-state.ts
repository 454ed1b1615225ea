import { type AgentState, isPresentState } from '@tranche/contracts';

/**
 * What can happen to an agent:
 * `registered` it asked to be admitted, with its id · `quiet` it missed a few heartbeats · `silent` it missed too many, or did not come
 * back after the registry started · `unregistered` it said good-bye · `replaced` another agent came to its address ·
 * `deactivated`, `activated`, `gone`, `broughtDown` (its machine, for maintenance) an operator said so.
 */
export const AGENT_EVENTS = [
  'registered',
  'quiet',
  'silent',
  'unregistered',
  'replaced',
  'deactivated',
  'activated',
  'gone',
  'broughtDown',
] as const;
export type AgentEvent = (typeof AGENT_EVENTS)[number];

const LEAVES = { unregistered: 'removed', replaced: 'removed', broughtDown: 'removed', gone: 'gone' } as const;

/**
 * The agent's life as one table: state by event; what is absent does not happen.
 *
 * A removed agent may come back under its id, as with Mesos' registry in its default, non-strict mode; one that was declared gone may
 * not. An unreachable agent is not replaced: its address may have been given to another machine while it is cut off. Where this says
 * `active`, an agent that an operator has deactivated is `deactivated`.
 *
 * @source Mesos 1.11 behaviour: agent registration, health checks, deactivation and removal
 */
const TRANSITIONS: Readonly<Record<AgentState, Readonly<Partial<Record<AgentEvent, AgentState>>>>> = {
  active: { registered: 'active', quiet: 'disconnected', silent: 'unreachable', deactivated: 'deactivated', ...LEAVES },
  deactivated: { registered: 'active', quiet: 'disconnected', silent: 'unreachable', activated: 'active', ...LEAVES },
  disconnected: { registered: 'active', silent: 'unreachable', ...LEAVES },
  unreachable: { registered: 'active', unregistered: 'removed', gone: 'gone' },
  removed: { registered: 'active', gone: 'gone' },
  gone: {},
};

/**
 * @param isDeactivated whether an operator wants it out of offering, after the event
 * @returns the state after the event; undefined when the event has no effect in this state, or is refused
 */
export function nextAgentState(state: AgentState, event: AgentEvent, isDeactivated = false): AgentState | undefined {
  const next = TRANSITIONS[state][event];
  return next === 'active' && isDeactivated ? 'deactivated' : next;
}

/** Whether the registry counts on the agent: it takes part in the cluster, with or without getting offers. */
export const isPresent = isPresentState;
