import type { AgentState } from '@tranche/contracts';

/**
 * What can happen to an agent:
 * `registered` it asked to be admitted, with its id · `silent` it missed its heartbeats, or did not come back after the registry
 * started · `unregistered` it said good-bye · `replaced` another agent came to its address.
 */
export const AGENT_EVENTS = ['registered', 'silent', 'unregistered', 'replaced'] as const;
export type AgentEvent = (typeof AGENT_EVENTS)[number];

/**
 * The agent's life as one table: state by event; what is absent does not happen.
 *
 * A removed agent may come back under its id, as with Mesos' registry in its default, non-strict mode; one that was declared gone may
 * not. An unreachable agent is not replaced: its address may have been given to another machine while it is cut off.
 *
 * @source Mesos 1.11 behaviour: agent registration, health checks and removal
 */
const TRANSITIONS: Readonly<Record<AgentState, Readonly<Partial<Record<AgentEvent, AgentState>>>>> = {
  active: { registered: 'active', silent: 'unreachable', unregistered: 'removed', replaced: 'removed' },
  deactivated: { registered: 'deactivated', silent: 'unreachable', unregistered: 'removed', replaced: 'removed' },
  unreachable: { registered: 'active', unregistered: 'removed' },
  removed: { registered: 'active' },
  gone: {},
};

/** @returns the state after the event; undefined when the event has no effect in this state, or is refused */
export const nextAgentState = (state: AgentState, event: AgentEvent): AgentState | undefined =>
  TRANSITIONS[state][event];

/** Whether the registry counts on the agent: it takes part in the cluster, with or without getting offers. */
export const isPresent = (state: AgentState): boolean => state === 'active' || state === 'deactivated';
