import type { OffersContext } from '../offers-context.js';
import type { Framework } from './framework.js';

/**
 * SUPPRESS: no more offers for these roles, or for all without any.
 *
 * One role that the framework is not subscribed to drops the whole call in silence (scheduler API §4).
 */
export function suppressRoles(
  context: Pick<OffersContext, 'changes'>,
  framework: Framework,
  roles: readonly string[],
): void {
  const chosen = chosenRoles(framework, roles);
  if (chosen === undefined) return;
  setSuppressed(context, framework, new Set([...framework.record.suppressedRoles, ...chosen]));
}

/** REVIVE: offers for these roles again, or for all without any, also of what was refused before. Dropped as SUPPRESS is. */
export function reviveRoles(
  context: Pick<OffersContext, 'changes' | 'allocator'>,
  framework: Framework,
  roles: readonly string[],
): void {
  const chosen = chosenRoles(framework, roles);
  if (chosen === undefined) return;
  const revived = new Set(chosen);
  setSuppressed(context, framework, new Set(framework.record.suppressedRoles.filter((role) => !revived.has(role))));
  context.allocator.revive({ frameworkId: framework.frameworkId, roles: [...chosen] });
}

function chosenRoles(framework: Framework, roles: readonly string[]): readonly string[] | undefined {
  const subscribed = framework.record.roles;
  if (roles.length === 0) return subscribed;
  return roles.every((role) => subscribed.includes(role)) ? roles : undefined;
}

function setSuppressed(
  context: Pick<OffersContext, 'changes'>,
  framework: Framework,
  suppressed: ReadonlySet<string>,
): void {
  if (suppressed.size === framework.record.suppressedRoles.length) return;
  framework.record = { ...framework.record, suppressedRoles: [...suppressed] };
  context.changes.framework(framework.record);
}
