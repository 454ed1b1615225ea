import { AGENT_TRAITS } from '../cluster/agent-row.js';

/** Traits of agents that keep them from frameworks, and how that is called (allocation rules A46, A47, A49). */
export const TRAIT_CODES = [
  ['capability.gpu', AGENT_TRAITS.hasGpus],
  ['capability.region', AGENT_TRAITS.isRemote],
  ['capability.multi_role', AGENT_TRAITS.lacksMultiRole],
  ['capability.hierarchical_role', AGENT_TRAITS.lacksHierarchicalRole],
] as const;
