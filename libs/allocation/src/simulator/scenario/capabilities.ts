import { listOf } from './fields.js';
import { oneOf } from './values.js';

/** Capabilities of agents, by the protocol's names. */
export const agentCapabilities = listOf(
  oneOf(
    'MULTI_ROLE',
    'HIERARCHICAL_ROLE',
    'RESERVATION_REFINEMENT',
    'RESOURCE_PROVIDER',
    'RESIZE_VOLUME',
    'AGENT_OPERATION_FEEDBACK',
    'AGENT_DRAINING',
    'TASK_RESOURCE_LIMITS',
  ),
);

export const DEFAULT_AGENT_CAPABILITIES = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'];

/** Capabilities of frameworks, by the protocol's names. */
export const frameworkCapabilities = listOf(
  oneOf(
    'REVOCABLE_RESOURCES',
    'TASK_KILLING_STATE',
    'GPU_RESOURCES',
    'SHARED_RESOURCES',
    'PARTITION_AWARE',
    'MULTI_ROLE',
    'RESERVATION_REFINEMENT',
    'REGION_AWARE',
  ),
);

export const DEFAULT_FRAMEWORK_CAPABILITIES = ['MULTI_ROLE', 'RESERVATION_REFINEMENT'];
