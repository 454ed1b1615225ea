import {
  type AgentRecord,
  type FrameworkUpdated,
  isIn,
  isPresentState,
  type OfferRecord,
  type OffersChanged,
  type OffersSnapshot,
  type Partition,
  type TaskLaunched,
  type TaskRecord,
  type TaskUpdated,
  WHOLE,
} from '@tranche/contracts';
import { isBelowRole, isTerminalState, type TaskState } from '@tranche/mesos-api';
import type { FactEffect } from '@tranche/messaging';
import { Quantities, reservationRole, Resources } from '@tranche/resources';
import type { ClusterUse } from '../quotas/check-quotas.js';
import type { OutstandingOffer } from '../quotas/offers-to-rescind.js';

/** What is held in one role itself, without the roles below it. Amounts by resource name, ranges by their size. */
export interface RoleHoldings {
  /** By tasks. */
  readonly allocated: Quantities;
  /** Scalars of it that are not reserved: they count against the quota, besides the reservations. */
  readonly allocatedUnreserved: Quantities;
  /** In outstanding offers. */
  readonly offered: Quantities;
}

const NOTHING: RoleHoldings = {
  allocated: Quantities.EMPTY,
  allocatedUnreserved: Quantities.EMPTY,
  offered: Quantities.EMPTY,
};

interface Holding {
  readonly role: string;
  readonly holdings: RoleHoldings;
}

/**
 * Who is in which role and what is held there, followed from the facts of `offers` and `registry`.
 *
 * For showing, and for what quotas are checked against: the allocator keeps its own account.
 */
export class RoleUsage implements ClusterUse {
  /** Frameworks that are not removed, by their ids. */
  private readonly frameworks = new Map<string, { readonly roles: readonly string[]; readonly user: string }>();
  private readonly tasks = new Map<string, Holding & { readonly state: TaskState }>();
  private readonly offers = new Map<string, Holding & { readonly offer: OutstandingOffer }>();
  private readonly holdings = new Map<string, RoleHoldings>();
  /** Reservations by agent, then role. */
  private readonly reservations = new Map<string, ReadonlyMap<string, Quantities>>();
  /** What can be guaranteed, by agent. */
  private readonly capacities = new Map<string, Quantities>();

  /** Rises with every fact. */
  revision = 0;

  /** Ids of the frameworks that are subscribed to each role. */
  frameworksByRole(): Map<string, string[]> {
    const byRole = new Map<string, string[]>();
    for (const [frameworkId, { roles }] of this.frameworks) {
      for (const role of roles) byRole.set(role, [...(byRole.get(role) ?? []), frameworkId]);
    }
    return byRole;
  }

  /** As whom a framework runs tasks that do not say otherwise; undefined when it is removed. */
  userOfFramework(frameworkId: string): string | undefined {
    return this.frameworks.get(frameworkId)?.user;
  }

  heldIn(role: string): RoleHoldings {
    return this.holdings.get(role) ?? NOTHING;
  }

  /** What agents have reserved to each role. */
  reservedByRole(): Map<string, Quantities> {
    const sums = new Map<string, Quantities>();
    for (const byRole of this.reservations.values()) {
      for (const [role, reserved] of byRole) sums.set(role, reserved.plus(sums.get(role) ?? Quantities.EMPTY));
    }
    return sums;
  }

  /** What counts against the quota of a role: reservations for it and below it, held or not, and what is allocated besides. */
  consumedBy(role: string): Quantities {
    let sum = Quantities.EMPTY;
    const counts = (one: string): boolean => one === role || isBelowRole(one, role);
    for (const [one, { allocatedUnreserved }] of this.holdings) if (counts(one)) sum = sum.plus(allocatedUnreserved);
    for (const [one, reserved] of this.reservedByRole()) if (counts(one)) sum = sum.plus(reserved);
    return sum;
  }

  capacity(): Quantities {
    return [...this.capacities.values()].reduce((sum, one) => sum.plus(one), Quantities.EMPTY);
  }

  outstandingOffers(): OutstandingOffer[] {
    return Array.from(this.offers.values(), ({ offer }) => offer);
  }

  /** Roles in which something is held. */
  rolesHolding(): Iterable<string> {
    return this.holdings.keys();
  }

  /** @param partition of `offers` that the snapshot is of: only what came from it is replaced */
  replaceOffers(snapshot: Pick<OffersSnapshot, 'frameworks' | 'tasks' | 'offers'>, partition: Partition = WHOLE): void {
    this.revision++;
    this.forget(partition);
    for (const framework of snapshot.frameworks) this.applyFramework({ framework });
    for (const { task, completed } of snapshot.tasks) if (!completed) this.applyLaunch({ task });
    for (const offer of snapshot.offers) this.applyOffer({ kind: 'made', offer });
  }

  private forget(partition: Partition): void {
    for (const frameworkId of [...this.frameworks.keys()]) {
      if (isIn(partition, frameworkId)) this.frameworks.delete(frameworkId);
    }
    for (const key of [...this.tasks.keys()]) {
      if (isIn(partition, key.slice(0, key.indexOf('/')))) this.setTask(key, undefined);
    }
    for (const [offerId, { offer }] of [...this.offers]) {
      if (isIn(partition, offer.frameworkId)) this.endOffer(offerId);
    }
  }

  applyFramework({ framework }: FrameworkUpdated): FactEffect {
    this.revision++;
    if (framework.state === 'removed') this.forgetFramework(framework.frameworkId);
    else this.frameworks.set(framework.frameworkId, { roles: framework.roles, user: framework.info.user });
    return 'applied';
  }

  applyLaunch({ task }: TaskLaunched): FactEffect {
    this.revision++;
    this.setTask(keyOf(task), { role: task.role, holdings: heldByTask(task), state: task.state });
    return 'applied';
  }

  applyUpdate(update: TaskUpdated): FactEffect {
    this.revision++;
    const task = this.tasks.get(keyOf(update));
    if (task === undefined) return isOver(update) ? 'applied' : 'unknown';
    this.setTask(keyOf(update), update.completed ? undefined : { ...task, state: update.state });
    return 'applied';
  }

  applyOffer(change: OffersChanged): FactEffect {
    this.revision++;
    if (change.kind === 'made') {
      this.endOffer(change.offer.offerId);
      const { role } = change.offer;
      const holding = { role, holdings: heldByOffer(change.offer), offer: outstanding(change.offer) };
      this.offers.set(change.offer.offerId, holding);
      this.add(holding);
    } else {
      this.endOffer(change.offerId);
    }
    return 'applied';
  }

  /** What an agent has now; of one that is not present any more nothing counts. */
  applyAgent({ agentId, state, resources }: AgentRecord): FactEffect {
    this.revision++;
    this.forgetAgent(agentId);
    if (!isPresentState(state)) return 'applied';
    const total = Resources.fromJson(resources);
    this.capacities.set(agentId, total.nonRevocable().scalarQuantities());
    const byRole = Map.groupBy(total.reserved(), (resource) => reservationRole(resource) ?? '*');
    const quantities = [...byRole].map(([role, list]) => [role, Resources.of(list).quantities()] as const);
    if (quantities.length > 0) this.reservations.set(agentId, new Map(quantities));
    return 'applied';
  }

  private forgetAgent(agentId: string): void {
    this.reservations.delete(agentId);
    this.capacities.delete(agentId);
  }

  private forgetFramework(frameworkId: string): void {
    this.frameworks.delete(frameworkId);
    for (const key of [...this.tasks.keys()]) if (key.startsWith(`${frameworkId}/`)) this.setTask(key, undefined);
  }

  /** A task that has ended or cannot be reached holds nothing, but may come back. */
  private setTask(key: string, task: (Holding & { readonly state: TaskState }) | undefined): void {
    const before = this.tasks.get(key);
    if (before !== undefined && isHolding(before.state)) this.remove(before);
    if (task === undefined) {
      this.tasks.delete(key);
      return;
    }
    this.tasks.set(key, task);
    if (isHolding(task.state)) this.add(task);
  }

  private endOffer(offerId: string): void {
    const offer = this.offers.get(offerId);
    if (offer === undefined) return;
    this.offers.delete(offerId);
    this.remove(offer);
  }

  private add({ role, holdings }: Holding): void {
    const sum = this.heldIn(role);
    this.holdings.set(role, {
      allocated: sum.allocated.plus(holdings.allocated),
      allocatedUnreserved: sum.allocatedUnreserved.plus(holdings.allocatedUnreserved),
      offered: sum.offered.plus(holdings.offered),
    });
  }

  private remove({ role, holdings }: Holding): void {
    const sum = this.heldIn(role);
    const rest = {
      allocated: sum.allocated.minus(holdings.allocated),
      allocatedUnreserved: sum.allocatedUnreserved.minus(holdings.allocatedUnreserved),
      offered: sum.offered.minus(holdings.offered),
    };
    if (rest.allocated.isEmpty && rest.offered.isEmpty) this.holdings.delete(role);
    else this.holdings.set(role, rest);
  }
}

/** Neither part may contain a slash. */
const keyOf = ({ frameworkId, taskId }: Pick<TaskRecord, 'frameworkId' | 'taskId'>): string =>
  `${frameworkId}/${taskId}`;

const isHolding = (state: TaskState): boolean => state !== 'TASK_UNREACHABLE' && !isTerminalState(state);
const isOver = ({ state, completed }: TaskUpdated): boolean => completed || isTerminalState(state);

function heldByTask(task: TaskRecord): RoleHoldings {
  const resources = Resources.fromJson(task.resources);
  return {
    ...NOTHING,
    allocated: resources.quantities(),
    allocatedUnreserved: resources.unreserved().nonRevocable().scalarQuantities(),
  };
}

const outstanding = ({ offerId, frameworkId, role, agentId, resources }: OfferRecord): OutstandingOffer => ({
  ...{ offerId, frameworkId, role, agentId },
  offered: Resources.fromJson(resources).nonRevocable().scalarQuantities(),
});

const heldByOffer = (offer: OfferRecord): RoleHoldings => ({
  ...NOTHING,
  offered: Resources.fromJson(offer.resources).quantities(),
});
