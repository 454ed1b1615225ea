import type { BlockerCode } from '@tranche/allocation';

/**
 * What would remove an obstacle.
 *
 * @param role that is asked about; `chargedTo` is whose quota it is charged to
 * @param reason why agents take no part
 */
export function helpText(code: BlockerCode, role: string, chargedTo: string, reason?: string): string {
  return (reason === undefined ? undefined : RETURNS[reason]) ?? HELPS[code](role, chargedTo);
}

/** How agents take part again. */
const RETURNS: Readonly<Record<string, string>> = {
  deactivated: 'the agents are activated',
  draining: 'the agents are empty, and are activated then',
  drained: 'the agents are activated',
  unreachable: 'the agents come back',
  recovering: 'the recovery ends: wait',
  'not on the whitelist': 'the whitelist names the agents',
};

const HELPS: Readonly<Record<BlockerCode, (role: string, chargedTo: string) => string>> = {
  'framework.disconnected': () => 'the framework subscribes again',
  'framework.inactive': () => 'the framework subscribes again',
  'framework.removed': () => 'it subscribes with a new id',
  'role.not_subscribed': (role) => `UPDATE_FRAMEWORK with role ${role}`,
  'role.suppressed': (role) => `REVIVE role ${role}`,
  'agent.inactive': () => 'the agents come back, or are activated',
  'agent.excluded': () => 'change the offer constraint',
  'agent.reserved': () => 'unreserve what is reserved for others',
  'agent.in_use': () => 'the tasks there end',
  'agent.offered': () => 'the offers are answered, or rescinded',
  'agent.below_minimum': () => 'a smaller min_allocatable',
  'capability.gpu': () => 'capability GPU_RESOURCES',
  'capability.region': () => 'capability REGION_AWARE',
  'capability.multi_role': () => 'agents with MULTI_ROLE',
  'capability.hierarchical_role': () => 'agents with HIERARCHICAL_ROLE',
  'capability.stripped': () => 'the capability for these resources',
  'quota.limit': (_role, chargedTo) => `raise the limit of role ${chargedTo}`,
  'quota.headroom': () => "lower others' guarantees, or add agents",
  'filter.declined': (role) => `REVIVE role ${role}, or wait`,
  'order.share': (role) => `a larger weight for role ${role}`,
  'shape.too_big': () => 'ask for less, or add a larger agent',
  'shape.attribute': () => 'ask for attributes that exist',
  'shape.ports': () => 'ask for ports that are free',
};
