import { randomUUID } from 'node:crypto';
import type { OfferOperation, Resource } from '@tranche/mesos-api';
import { Resources, toMilli } from '@tranche/resources';
import { z } from 'zod';
import { Amounts, scalarsOf } from '../rest/quota-amounts.js';
import { plainPart, type Reservation, type Volume } from './reservation.js';

const Port = z.number().int().min(0).max(65_535);

/** Body of `POST /v1/reservations`. */
export const ReservationBody = z.strictObject({
  agentId: z.string().min(1),
  role: z.string().min(1),
  resources: z.strictObject({
    ...Amounts.shape,
    ports: z.array(z.strictObject({ begin: Port, end: Port })).optional(),
  }),
  principal: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

/** Body of `POST /v1/volumes`: of disk that is reserved to the role on the agent. */
export const VolumeBody = z.strictObject({
  agentId: z.string().min(1),
  role: z.string().min(1),
  diskBytes: z.number().positive(),
  containerPath: z.string().min(1),
  /** A new one when absent. */
  persistenceId: z.string().min(1).optional(),
  principal: z.string().optional(),
  isShared: z.boolean().optional(),
});

/** Body of `PATCH /v1/volumes/ID`: how large it shall be. */
export const VolumePatch = z.strictObject({ diskBytes: z.number().positive() });

const BYTES_PER_MB = 1 << 20;

export function reserveOperation({
  role,
  resources,
  principal,
  labels,
}: z.infer<typeof ReservationBody>): OfferOperation {
  const { ports = [], ...amounts } = resources;
  const reservation = {
    type: 'DYNAMIC' as const,
    role,
    ...(principal === undefined ? {} : { principal }),
    ...(labels === undefined
      ? {}
      : { labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) } }),
  };
  const wanted = Object.entries(scalarsOf(amounts)).map(
    ([name, scalar]): Resource => ({ name, type: 'SCALAR', scalar, reservations: [reservation] }),
  );
  if (ports.length > 0) {
    wanted.push({ name: 'ports', type: 'RANGES', ranges: { range: ports }, reservations: [reservation] });
  }
  return { type: 'RESERVE', reserve: { resources: wanted } };
}

/** All of it but its volumes. */
export const unreserveOperation = (reservation: Reservation): OfferOperation => ({
  type: 'UNRESERVE',
  unreserve: { resources: plainPart(reservation).toJson() },
});

/** The reserved disk, on the agent's own disk, that a new volume of a role could be made of: the smallest that is large enough. */
export function roomFor(
  { role, diskBytes }: Pick<z.infer<typeof VolumeBody>, 'role' | 'diskBytes'>,
  reservations: readonly Reservation[],
): Reservation | undefined {
  const milli = toMilli(diskBytes / BYTES_PER_MB);
  return reservations
    .filter((one) => one.reservations.at(-1)?.role === role && diskOf(one) >= milli)
    .toSorted((a, b) => diskOf(a) - diskOf(b))[0];
}

/** Thousandths of a megabyte of plain disk of the agent's own. */
export const diskOf = (reservation: Reservation): number =>
  plainPart(reservation)
    .filter(({ disk }) => disk === undefined)
    .scalarMilli('disk');

export function createOperation(
  { diskBytes, containerPath, persistenceId, principal, isShared }: z.infer<typeof VolumeBody>,
  { reservations }: Reservation,
): OfferOperation {
  const persistence = {
    id: persistenceId ?? randomUUID(),
    ...(principal === undefined ? {} : { principal }),
  };
  const volume = { container_path: containerPath, mode: 'RW' as const };
  const resource = {
    name: 'disk',
    value: { kind: 'scalar' as const, milli: toMilli(diskBytes / BYTES_PER_MB) },
    reservations,
    disk: { persistence, volume },
    ...(isShared === true ? { shared: true, copies: 1 } : {}),
  };
  return { type: 'CREATE', create: { volumes: Resources.of([resource]).toJson() } };
}

export const destroyOperation = (volume: Volume): OfferOperation => ({
  type: 'DESTROY',
  destroy: { volumes: [documentOf(volume)] },
});

/** @returns undefined when it has that size */
export function resizeOperation(volume: Volume, diskBytes: number): OfferOperation | undefined {
  const document = documentOf(volume);
  const wanted = toMilli(diskBytes / BYTES_PER_MB);
  const byMilli = wanted - Resources.of([volume.resource]).scalarMilli('disk');
  if (byMilli === 0) return undefined;
  if (byMilli < 0) {
    return { type: 'SHRINK_VOLUME', shrink_volume: { volume: document, subtract: { value: -byMilli / 1000 } } };
  }
  const { disk } = volume.resource;
  const source = disk?.source === undefined ? {} : { disk: { source: disk.source } };
  const { disk: _volume, ...plain } = volume.resource;
  const addition = Resources.of([{ ...plain, ...source, value: { kind: 'scalar', milli: byMilli } }]).toJson()[0];
  return addition === undefined ? undefined : { type: 'GROW_VOLUME', grow_volume: { volume: document, addition } };
}

/** One copy. */
const documentOf = ({ resource }: Volume): Resource =>
  Resources.of([resource.shared === true ? { ...resource, copies: 1 } : resource]).toJson()[0] as Resource;
