import type { EngineState } from '../engine-state.js';
import { lacksGuarantee, type Role } from '../roles/role.js';

/**
 * Roles that the first stage serves: those whose guarantee is not met yet.
 *
 * While the stage runs, all others stand idle in the role sorter, so that a visit does not walk past them.
 */
export class LackingRoles {
  readonly #lacking = new Set<Role>();
  readonly #parked: Role[] = [];

  constructor(private readonly state: EngineState) {}

  /** @returns whether there are any that take offers */
  begin(): boolean {
    const { roles } = this.state;
    this.#lacking.clear();
    for (const role of roles.withQuota) if (role.activeClients > 0 && lacksGuarantee(role)) this.#lacking.add(role);
    if (this.#lacking.size === 0) return false;
    for (const role of roles.values()) if (role.activeClients > 0 && !this.#lacking.has(role)) this.#park(role);
    return true;
  }

  /** Something was given to the role, and no walk is under way. @returns whether any role still lacks something */
  hasGiven(role: Role): boolean {
    if (this.#lacking.has(role) && !lacksGuarantee(role)) {
      this.#lacking.delete(role);
      this.#park(role);
    }
    return this.#lacking.size > 0;
  }

  /** Everybody takes part again. */
  end(): void {
    for (const { leaf } of this.#parked) if (leaf !== undefined) this.state.roleSorter.setActivity(leaf, 'active');
    this.#parked.length = 0;
  }

  #park(role: Role): void {
    if (role.leaf === undefined) return;
    this.state.roleSorter.setActivity(role.leaf, 'idle');
    this.#parked.push(role);
  }
}
