import type { Resource } from './resource.js';
import type { ValueKind } from './values/resource-value.js';

/**
 * A name that occurs with two kinds of value; undefined when every name has one.
 *
 * @source allocation rule A1: all resources of one name must have one kind
 */
export function kindConflict(resources: Iterable<Resource>): string | undefined {
  const kinds = new Map<string, ValueKind>();
  for (const { name, value } of resources) {
    const known = kinds.get(name);
    if (known !== undefined && known !== value.kind) return name;
    kinds.set(name, value.kind);
  }
  return undefined;
}
