import type { RoleConfig } from '@tranche/contracts';
import { compareBytes } from '@tranche/resources';

/** What operators have set for roles, in memory. It leads; it is filled once at the start. */
export class RoleConfigs {
  private readonly byName = new Map<string, RoleConfig>();

  /** Rises with every change. */
  revision = 0;

  /** @param role with nothing set at all is forgotten */
  put(role: RoleConfig): void {
    this.revision++;
    if (isDefault(role)) this.byName.delete(role.name);
    else this.byName.set(role.name, role);
  }

  /** A role of which nothing was set has only its name. */
  get(name: string): RoleConfig {
    return this.byName.get(name) ?? { name };
  }

  /** By name, in byte order. */
  all(): RoleConfig[] {
    return [...this.byName.values()].toSorted((a, b) => compareBytes(a.name, b.name));
  }
}

/** Nothing is set: no weight, no quota. */
export const isDefault = ({ weight, guaranteesMilli, limitsMilli }: RoleConfig): boolean =>
  weight === undefined && guaranteesMilli === undefined && limitsMilli === undefined;

/** Weight of a role for which none was set. */
export const DEFAULT_WEIGHT = 1;
