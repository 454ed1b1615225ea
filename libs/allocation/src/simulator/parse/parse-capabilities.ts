import { listOf, oneOf, type Reader } from './fields.js';

/** What agents can do, by the protocol's names. */
const AGENT_CAPABILITIES = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
  'TASK_RESOURCE_LIMITS',
] as const;

/** What frameworks can do, by the protocol's names. */
const FRAMEWORK_CAPABILITIES = [
  'REVOCABLE_RESOURCES',
  'TASK_KILLING_STATE',
  'GPU_RESOURCES',
  'SHARED_RESOURCES',
  'PARTITION_AWARE',
  'MULTI_ROLE',
  'RESERVATION_REFINEMENT',
  'REGION_AWARE',
] as const;

export const readAgentCapabilities: Reader<string[]> = listOf(oneOf(AGENT_CAPABILITIES));

export const readFrameworkCapabilities: Reader<string[]> = listOf(oneOf(FRAMEWORK_CAPABILITIES));
