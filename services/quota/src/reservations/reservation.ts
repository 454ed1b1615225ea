import type { AgentRecord, ReservationView, VolumeView } from '@tranche/contracts';
import { resourceAmounts } from '@tranche/contracts';
import {
  isPersistentVolume,
  normalizeRanges,
  reservationId,
  type Resource,
  Resources,
  volumeId,
} from '@tranche/resources';

/** What of one agent is reserved in one way: to these roles, by these principals, with these labels. */
export interface Reservation {
  readonly id: string;
  readonly agent: AgentRecord;
  readonly reservations: Resource['reservations'];
  /** Volumes included. */
  readonly resources: Resources;
}

/** A persistent volume of an agent. */
export interface Volume {
  readonly id: string;
  readonly reservation: Reservation;
  /** One object. */
  readonly resource: Resource;
}

/** Of the last reservation: who may use it. */
export const roleOf = ({ reservations }: Pick<Reservation, 'reservations'>): string => reservations.at(-1)?.role ?? '*';

/** All reservations of an agent, in the order of what it has. */
export function reservationsOf(agent: AgentRecord): Reservation[] {
  const reserved = [...Resources.fromJson(agent.resources).reserved()];
  const alike = Map.groupBy(reserved, ({ reservations }) => JSON.stringify(reservations));
  return [...alike.values()].map((list) => {
    const reservations = list[0]?.reservations ?? [];
    return {
      id: reservationId(agent.agentId, reservations),
      agent,
      reservations,
      resources: Resources.of(list),
    };
  });
}

export const volumesOf = (reservation: Reservation): Volume[] =>
  [...reservation.resources].filter(isPersistentVolume).map((resource) => ({
    id: volumeId(reservation.id, resource.disk?.persistence?.id ?? ''),
    reservation,
    resource,
  }));

/** Of the reservation, without its volumes. */
export const plainPart = ({ resources }: Reservation): Resources =>
  resources.filter((resource) => !isPersistentVolume(resource));

export function reservationView(reservation: Reservation): ReservationView {
  const { id, agent, reservations, resources } = reservation;
  const top = reservations.at(-1);
  const ranges = [...resources].flatMap(({ name, value }) =>
    name === 'ports' && value.kind === 'ranges' ? value.ranges : [],
  );
  return {
    id,
    agentId: agent.agentId,
    agentHostname: agent.hostname,
    role: roleOf(reservation),
    kind: top?.type === 'DYNAMIC' ? 'dynamic' : 'static',
    refines: reservations.slice(0, -1).map(({ role }) => role),
    ...(top?.principal === undefined ? {} : { principal: top.principal }),
    labels: Object.fromEntries((top?.labels ?? []).map(({ key, value = '' }) => [key, value])),
    resources: resourceAmounts((name) => resources.scalarMilli(name), normalizeRanges(ranges)),
    text: resources.toText(),
    volumes: volumesOf(reservation).map((volume) => volume.id),
  };
}

export function volumeView({ id, reservation, resource }: Volume): VolumeView {
  const { persistence, volume } = resource.disk ?? {};
  const { diskBytes } = resourceAmounts((name) => Resources.of([{ ...resource, copies: 1 }]).scalarMilli(name), []);
  return {
    id,
    persistenceId: persistence?.id ?? '',
    agentId: reservation.agent.agentId,
    agentHostname: reservation.agent.hostname,
    role: roleOf(reservation),
    diskBytes,
    containerPath: volume?.container_path ?? '',
    isShared: resource.shared === true,
    ...(persistence?.principal === undefined ? {} : { principal: persistence.principal }),
    reservationId: reservation.id,
  };
}
