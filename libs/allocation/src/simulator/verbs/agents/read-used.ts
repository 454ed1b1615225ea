import { Resources, resolveReference } from '@tranche/resources';
import type { Holding } from '../../../engine.js';
import { type Fields, listOf, objectOf, readId } from '../../parse/fields.js';
import { readResources, readRole } from '../../parse/parse-values.js';

/** What somebody uses on an agent, as the step says it. */
export interface Used {
  readonly frameworkId: string;
  readonly role: string;
  readonly resources: Resources;
}

/** The field `used`: what is in use from the start, absent for nothing. */
export function readUsed(fields: Fields): readonly Used[] {
  return fields.optional('used', listOf(objectOf(readOne))) ?? [];
}

function readOne(fields: Fields): Used {
  return {
    frameworkId: fields.required('framework', readId),
    role: fields.required('role', readRole),
    resources: fields.required('resources', readResources),
  };
}

/**
 * What is used, as objects of the pool: one holding for each framework and role.
 *
 * @param whenMissing what an entry that the pool does not cover stands for; it may throw
 */
export function holdingsOf(
  agentId: string,
  used: readonly Used[],
  pool: Resources,
  whenMissing: (entry: Used, index: number) => Resources,
): Holding[] {
  let free = pool;
  const holdings = new Map<string, Holding>();
  used.forEach((entry, index) => {
    const resources = resolveReference(free, entry.resources) ?? whenMissing(entry, index);
    // A shared volume may be used again and again.
    free = free.minus(resources.nonShared());
    const key = JSON.stringify([entry.frameworkId, entry.role]);
    const before = holdings.get(key)?.resources ?? Resources.EMPTY;
    const { frameworkId, role } = entry;
    if (!resources.isEmpty) holdings.set(key, { agentId, frameworkId, role, resources: before.plus(resources) });
  });
  return [...holdings.values()];
}
