import type { NameTable } from '../cluster/name-table.js';
import { addAt, type Vector, zeroVector } from '../cluster/vector.js';
import type { Quota } from '../engine.js';

/** A quota with interned names (allocation rule A15). */
export interface RoleQuota {
  readonly spec: Quota;
  readonly guarantees: Vector;
  /** Thousandths by name; a name that is missing is unlimited, a zero allows nothing (A8). */
  readonly limits: ReadonlyMap<number, number>;
  readonly hasGuarantees: boolean;
  readonly hasLimits: boolean;
}

export function internQuota(spec: Quota, names: NameTable): RoleQuota {
  const guarantees = zeroVector(names);
  for (const [name, milli] of spec.guarantees) addAt(guarantees, names.intern(name), milli);
  const limits = new Map([...spec.limits].map(([name, milli]) => [names.intern(name), milli] as const));
  return { spec, guarantees, limits, hasGuarantees: !spec.guarantees.isEmpty, hasLimits: limits.size > 0 };
}
