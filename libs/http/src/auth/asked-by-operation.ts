import type { OfferOperation, Resource } from '@tranche/mesos-api';
import type { AskedAction } from './permits.js';

/**
 * What whoever wants an operation on resources must be permitted; nothing for others. Both forms of reservations are read.
 *
 * @param operation need not be valid: its rules are somebody else's
 * @source formats §8.2
 */
export function askedByOperation(operation: OfferOperation): AskedAction[] {
  const { reserve, unreserve, create, destroy, grow_volume, shrink_volume, create_disk, destroy_disk } = operation;
  const volume = grow_volume?.volume ?? shrink_volume?.volume;
  return [
    ...(reserve === undefined ? [] : of('reserve_resources', reserve.resources, roleOf)),
    ...(reserve?.source === undefined ? [] : of('unreserve_resources', reserve.source, reserverOf)),
    ...(unreserve === undefined ? [] : of('unreserve_resources', unreserve.resources, reserverOf)),
    ...(create === undefined ? [] : of('create_volumes', create.volumes, roleOf)),
    ...(destroy === undefined ? [] : of('destroy_volumes', destroy.volumes, creatorOf)),
    ...(volume === undefined ? [] : of('resize_volumes', [volume], roleOf)),
    ...(create_disk === undefined
      ? []
      : of(
          create_disk.target_type === 'BLOCK' ? 'create_block_disks' : 'create_mount_disks',
          [create_disk.source],
          roleOf,
        )),
    ...(destroy_disk === undefined ? [] : of(destroyed(destroy_disk.source), [destroy_disk.source], roleOf)),
  ];
}

/** Every resource that an operation on resources names. */
export function resourcesOfOperation(operation: OfferOperation): Resource[] {
  const { reserve, unreserve, create, destroy, grow_volume, shrink_volume, create_disk, destroy_disk } = operation;
  return [
    ...(reserve?.source ?? []),
    ...(reserve?.resources ?? unreserve?.resources ?? create?.volumes ?? destroy?.volumes ?? []),
    ...[grow_volume?.volume, grow_volume?.addition, shrink_volume?.volume, create_disk?.source, destroy_disk?.source],
  ].filter((resource) => resource !== undefined);
}

/** Each object once; without any the action is asked for as such. */
function of(
  action: AskedAction[0],
  resources: readonly Resource[] | undefined,
  objectOf: (resource: Resource) => string | undefined,
): AskedAction[] {
  const objects = new Set((resources ?? []).map(objectOf));
  return objects.size === 0 ? [[action]] : [...objects].map((object) => [action, object]);
}

function destroyed({ disk }: Resource): AskedAction[0] {
  if (disk?.source?.type === 'BLOCK') return 'destroy_block_disks';
  return disk?.source?.type === 'MOUNT' ? 'destroy_mount_disks' : 'destroy_raw_disks';
}

/** Of the last reservation. */
const roleOf = ({ reservations, role }: Resource): string => reservations?.at(-1)?.role ?? role ?? '*';

const reserverOf = ({ reservations, reservation }: Resource): string | undefined =>
  reservations?.at(-1)?.principal ?? reservation?.principal;

const creatorOf = ({ disk }: Resource): string | undefined => disk?.persistence?.principal;
