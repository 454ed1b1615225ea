/** How often things happened to agents since the registry started: the counters behind `/metrics/snapshot`. */
export interface AgentCounters {
  registrationMessages: number;
  reregistrationMessages: number;
  unregistrationMessages: number;
  registrations: number;
  reregistrations: number;
  /** Because another agent came to the address. */
  replaced: number;
  unregistered: number;
  unreachable: number;
  /** Were to become unreachable, as soon as the rate of removals lets them. */
  unreachableScheduled: number;
  /** Of those, the ones that were heard of again, or left otherwise, while they waited. */
  unreachableCanceled: number;
  /** Recovered agents that did not register again in time; counted in `unreachable` too. */
  unreachableAfterRecovery: number;
}

export const newAgentCounters = (): AgentCounters => ({
  registrationMessages: 0,
  reregistrationMessages: 0,
  unregistrationMessages: 0,
  registrations: 0,
  reregistrations: 0,
  replaced: 0,
  unregistered: 0,
  unreachable: 0,
  unreachableScheduled: 0,
  unreachableCanceled: 0,
  unreachableAfterRecovery: 0,
});
