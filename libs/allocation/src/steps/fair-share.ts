import { AGENT_TRAITS } from '../cluster/agent-row.js';
import type { Kind } from '../cluster/kind-table.js';
import type { EngineState } from '../engine-state.js';
import type { Client } from '../frameworks/framework.js';
import type { Headroom } from '../roles/headroom.js';
import { consumedOf, type Role } from '../roles/role.js';
import type { Bounds } from './bounds.js';
import type { Stage } from './stage.js';
import type { Visit } from './visit.js';

/**
 * Second stage: whoever is next in order gets all that is available, within its role's limit and without touching the headroom.
 *
 * @source allocation rules A41, A43, A44
 */
export class FairShareStage implements Stage {
  constructor(
    private readonly state: EngineState,
    private readonly bounds: Bounds,
    private readonly headroom: Headroom,
  ) {}

  isEligible(): boolean {
    return true;
  }

  compose(visit: Visit, { role }: Client): boolean {
    const hasLimits = role.quota?.hasLimits === true;
    const { isRequired } = this.headroom;
    if (!hasLimits && !isRequired) return true;
    const isTwinned = (visit.traits & AGENT_TRAITS.hasTwins) !== 0;
    const offer = visit.ownOffer();
    let isCut = false;
    if (hasLimits) {
      this.#boundToLimits(role);
      isCut = this.bounds.cut(visit, offer, isTwinned);
    }
    if (isRequired) {
      this.bounds.begin('drop');
      for (let name = 0; name < this.state.names.count; name++) this.bounds.set(name, this.headroom.surplus(name));
      isCut = this.bounds.cut(visit, offer, isTwinned) || isCut;
    }
    if (isCut) this.state.cluster.boundByQuota[visit.row.index] = 1;
    return true;
  }

  hasGiven(visit: Visit): void {
    if (!this.headroom.isTracked) return;
    const { kinds } = this.state.cluster.slots;
    const { available } = this.headroom;
    for (let i = 0; i < visit.size; i++) {
      const kind = kinds[visit.start + i] as Kind;
      if (kind.isBounded) available[kind.name] = (available[kind.name] as number) - (visit.offer[i] as number);
    }
  }

  #boundToLimits(role: Role): void {
    this.bounds.begin('keep');
    for (const [name, limit] of role.quota?.limits ?? []) this.bounds.set(name, limit - consumedOf(role, name));
  }
}
