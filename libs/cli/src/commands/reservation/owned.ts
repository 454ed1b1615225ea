import type { AgentView, FrameworkView, OperationView, ReservationView } from '@tranche/contracts';
import type { ApiList, Query } from '../../api/api-client.js';
import type { CliContext } from '../../cli-context.js';
import { isTable } from '../../output/list-view.js';

/** A reservation with what else is known of whom it is for. */
export interface OwnedReservation extends ReservationView {
  /** Of the frameworks of its principal, else of its role: `connected`, `removed`; `none` when there is none · `-` for a static one. */
  ownerState?: string;
  /** When it was first reserved, as far as it is remembered. */
  reservedAt?: string;
}

const STATES: readonly FrameworkView['state'][] = ['connected', 'disconnected', 'recovered', 'removed'];

/** Reservations whose frameworks have gone are what operators look for: nobody else gives them back. */
export async function owned(context: CliContext, query: Query): Promise<ApiList<OwnedReservation>> {
  const { api } = context;
  const list = await api.list<ReservationView>('/v1/reservations', query);
  // JSON is exactly what the REST API has.
  if (!isTable(context) || list.items.length === 0) return list;
  const [frameworks, operations, agents] = await Promise.all([
    api.list<FrameworkView>('/v1/frameworks'),
    api.list<OperationView>('/v1/operations', { type: 'RESERVE', state: 'OPERATION_FINISHED' }),
    api.list<AgentView>('/v1/agents'),
  ]);
  const registeredAt = new Map(agents.items.map((agent) => [agent.id, agent.registeredAt]));
  const items = list.items.map((one) => {
    const reservedAt = one.kind === 'static' ? registeredAt.get(one.agentId) : firstReserved(one, operations.items);
    return {
      ...one,
      ownerState: one.kind === 'static' ? '-' : ownerState(one, frameworks.items),
      ...(reservedAt === undefined ? {} : { reservedAt }),
    };
  });
  return { ...list, items };
}

export function ownerState({ principal, role }: ReservationView, frameworks: readonly FrameworkView[]): string {
  const ofPrincipal = frameworks.filter((one) => principal !== undefined && one.principal === principal);
  const owners = ofPrincipal.length > 0 ? ofPrincipal : frameworks.filter(({ roles }) => roles.includes(role));
  return STATES.find((state) => owners.some((owner) => owner.state === state)) ?? 'none';
}

/** The oldest operation that may have made it: what operations are remembered of bounds what is known. */
function firstReserved({ agentId, role }: ReservationView, operations: readonly OperationView[]): string | undefined {
  const times = operations
    // An operator's has no role of its own: what it made has one, `cpus(web):2`.
    .filter((operation) => operation.agentId === agentId && operation.converted.includes(`(${role})`))
    .map(({ acceptedAt }) => acceptedAt);
  return times.toSorted()[0];
}
