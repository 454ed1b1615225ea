import type { RoleConfig } from '@tranche/contracts';
import type { OutstandingOffers } from '../usage/outstanding-offers.port.js';
import type { ChangeRoles } from './change-roles.js';
import type { WeightChange } from './parse-weights.js';
import type { RoleConfigs } from './role-configs.js';

/** Sets weights of roles. */
export class SetWeights {
  constructor(
    private readonly roles: ChangeRoles,
    private readonly offers: OutstandingOffers,
  ) {}

  /**
   * Of a role that is named twice the last weight holds. Offers were made by the old weights: when a framework is in one of the roles, all
   * are taken back.
   *
   * @throws PersistenceError when nothing was stored, and nothing has changed
   * @source allocation rule A74
   */
  async execute(weights: readonly WeightChange[]): Promise<void> {
    await this.change((configs) => [
      ...new Map(weights.map(({ role, weight }) => [role, { ...configs.get(role), weight }])).values(),
    ]);
  }

  /** Back to the default of 1. @throws PersistenceError as `execute` */
  async remove(role: string): Promise<void> {
    await this.change((configs) => {
      const { weight: _weight, ...rest } = configs.get(role);
      return [rest];
    });
  }

  private async change(decide: (configs: RoleConfigs) => readonly RoleConfig[]): Promise<void> {
    const changed = await this.roles.execute(decide);
    if (changed.some(({ name }) => this.offers.hasFrameworks(name))) await this.offers.rescind(this.offers.all());
  }
}
