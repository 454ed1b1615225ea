import type { AllocationEngine, OutstandingOffer, RoleFigures } from '@tranche/allocation';
import { baseUnitOf, inBaseUnits, Quantities } from '@tranche/resources';
import type { Metrics } from '@tranche/telemetry';
import type { Clock } from '@tranche/telemetry';

/** Roles that are told apart by name; the rest are added up as `other`. */
const MAX_ROLES = 200;

const OTHER = 'other';

export interface ClusterMetricsParts {
  readonly engine: AllocationEngine;
  /** Offers that wait for an answer: what of the holdings is not in use. */
  readonly offers: { readonly offers: Iterable<OutstandingOffer> };
  readonly clock: Clock;
}

/** Prometheus' view of who has what, read from the engine when it is scraped. */
export function exposeRoles(metrics: Metrics, { engine, offers, clock }: ClusterMetricsParts): void {
  // Gauges are read in the order in which they were made, so the first one reads the engine for all of them.
  const read = (): void => {
    for (const gauge of [shares, amounts, headroom, filters]) gauge.reset();
    const offered = offeredByRole(offers.offers);
    for (const [index, figures] of sorted(engine.view.roles(clock.nowMs())).entries()) {
      const role = index < MAX_ROLES ? figures.role : OTHER;
      if (role !== OTHER && figures.share !== undefined) shares.set({ role }, figures.share);
      filters.inc({ role }, figures.filters);
      for (const [kind, quantities] of kindsOf(figures, offered.get(figures.role) ?? Quantities.EMPTY)) {
        for (const [resource, milli] of quantities) {
          amounts.inc({ role, resource, unit: baseUnitOf(resource), kind }, inBaseUnits(resource, milli));
        }
      }
    }
    const { required, available } = engine.view.headroom();
    for (const [resource, milli] of available) {
      const spare = Math.max(0, milli - required.get(resource));
      headroom.set({ resource, unit: baseUnitOf(resource) }, inBaseUnits(resource, spare));
    }
  };
  const shares = metrics.gauge('tranche_role_share_ratio', 'Dominant share, divided by the weight', ['role'], read);
  const roleLabels = ['role', 'resource', 'unit', 'kind'] as const;
  const amounts = metrics.gauge('tranche_role_resources', 'What a role may have and has', roleLabels);
  const labels = ['resource', 'unit'] as const;
  const headroom = metrics.gauge('tranche_quota_headroom', 'Free resources that guarantees do not need', labels);
  const filters = metrics.gauge('tranche_filters_active', 'Refusals in force', ['role']);
}

type Amounts = Iterable<readonly [resource: string, milli: number]>;

function kindsOf(
  { guarantees, limits, held, reserved }: RoleFigures,
  offered: Quantities,
): readonly (readonly [kind: string, Amounts])[] {
  return [
    ['guarantee', guarantees],
    ['limit', limits],
    ['reserved', reserved],
    ['offered', offered],
    ['used', held.minus(offered)],
  ];
}

function offeredByRole(offers: Iterable<OutstandingOffer>): Map<string, Quantities> {
  const sums = new Map<string, Quantities>();
  for (const { role, resources } of offers) {
    sums.set(role, (sums.get(role) ?? Quantities.EMPTY).plus(resources.scalarQuantities()));
  }
  return sums;
}

/** The same roles are told apart at every scrape: the first by name, not by what they hold at the moment. */
function sorted(figures: RoleFigures[]): RoleFigures[] {
  return figures.sort((a, b) => (a.role < b.role ? -1 : 1));
}
