import { AGENT_TRAITS } from '../cluster/agent-row.js';
import type { Kind } from '../cluster/kind-table.js';
import type { EngineState } from '../engine-state.js';
import type { Client } from '../frameworks/framework.js';
import type { Headroom } from '../roles/headroom.js';
import { consumedOf, lacksGuarantee, type Role } from '../roles/role.js';
import type { Bounds } from './bounds.js';
import type { Stage } from './stage.js';
import type { Visit } from './visit.js';

/**
 * First stage: roles get what their guarantees still lack, and on top what limits and headroom allow.
 *
 * @source allocation rule A40
 */
export class QuotaGuaranteeStage implements Stage {
  /** Guaranteed part of the offer being composed, by slot of the agent. */
  #guaranteed = new Float64Array(16);

  constructor(
    private readonly state: EngineState,
    private readonly bounds: Bounds,
    private readonly headroom: Headroom,
  ) {}

  isEligible(role: Role): boolean {
    return role.quota?.hasGuarantees === true && lacksGuarantee(role);
  }

  compose(visit: Visit, client: Client): boolean {
    const { role } = client;
    const { kinds } = this.state.cluster.slots;
    const isTwinned = (visit.traits & AGENT_TRAITS.hasTwins) !== 0;
    const extra = visit.ownOffer();
    if (this.#guaranteed.length < visit.size) this.#guaranteed = new Float64Array(visit.size * 2);
    const guaranteed = this.#guaranteed;
    for (let i = 0; i < visit.size; i++) {
      guaranteed[i] = (kinds[visit.start + i] as Kind).isBounded ? (extra[i] as number) : 0;
    }
    this.#boundToUnsatisfied(role);
    this.bounds.cut(visit, guaranteed, isTwinned);
    let isEmpty = true;
    for (let i = 0; i < visit.size; i++) {
      if ((guaranteed[i] as number) === 0) continue;
      isEmpty = false;
      extra[i] = (extra[i] as number) - (guaranteed[i] as number);
    }
    if (isEmpty) return false;
    this.#cutExtra(visit, role, extra, isTwinned);
    for (let i = 0; i < visit.size; i++) extra[i] = (extra[i] as number) + (guaranteed[i] as number);
    return true;
  }

  hasGiven(visit: Visit): void {
    const { kinds } = this.state.cluster.slots;
    const { required, available } = this.headroom;
    for (let i = 0; i < visit.size; i++) {
      const kind = kinds[visit.start + i] as Kind;
      if (!kind.isBounded) continue;
      available[kind.name] = (available[kind.name] as number) - (visit.offer[i] as number);
      required[kind.name] = Math.max(0, (required[kind.name] as number) - (this.#guaranteed[i] as number));
    }
  }

  #boundToUnsatisfied(role: Role): void {
    const guarantees = role.quota?.guarantees ?? [];
    this.bounds.begin('drop');
    for (let name = 0; name < guarantees.length; name++) {
      this.bounds.set(name, (guarantees[name] as number) - consumedOf(role, name));
    }
  }

  /** What is offered beyond the guarantee: within limits − consumed − guaranteed part, and not touching the headroom. */
  #cutExtra(visit: Visit, role: Role, extra: Float64Array, isTwinned: boolean): void {
    const { kinds } = this.state.cluster.slots;
    let isCut = false;
    if (role.quota?.hasLimits === true) {
      this.bounds.begin('keep');
      for (const [name, limit] of role.quota.limits) {
        let left = limit - consumedOf(role, name);
        for (let i = 0; i < visit.size; i++) {
          if ((kinds[visit.start + i] as Kind).name === name) left -= this.#guaranteed[i] as number;
        }
        this.bounds.set(name, left);
      }
      isCut = this.bounds.cut(visit, extra, isTwinned);
    }
    if (this.headroom.isRequired) {
      this.bounds.begin('drop');
      for (let name = 0; name < this.state.names.count; name++) this.bounds.set(name, this.headroom.surplus(name));
      isCut = this.bounds.cut(visit, extra, isTwinned) || isCut;
    }
    if (isCut) this.state.cluster.boundByQuota[visit.row.index] = 1;
  }
}
