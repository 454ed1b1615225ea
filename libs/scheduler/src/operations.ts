import type {
  ExecutorInfo,
  OfferOperation,
  Resource,
  ResourceDiskInfo,
  ResourceReservationInfo,
  TaskInfo,
} from '@tranche/mesos-api';

/** With an id the cluster tells what became of an operation, by `operation-update`; needs the agent's capability. */
export interface OperationOptions {
  id?: string;
}

/** Offered resources as they are once they are reserved for a role, on top of the reservations that they have. */
export function reserved(
  resources: readonly Resource[],
  { role, principal }: { role: string; principal?: string },
): Resource[] {
  const reservation: ResourceReservationInfo = { type: 'DYNAMIC', role, ...(principal !== undefined && { principal }) };
  return resources.map((resource) => ({
    ...resource,
    reservations: [...(resource.reservations ?? []), reservation],
  }));
}

/**
 * Reserved disk as it is once it is a persistent volume: its data outlives the tasks that use it, until it is destroyed.
 *
 * @param containerPath where tasks find it, relative to their sandbox
 */
export function persistentVolume(
  disk: Resource,
  { id, containerPath, principal }: { id: string; containerPath: string; principal?: string },
): Resource {
  const info: ResourceDiskInfo = {
    ...disk.disk,
    persistence: { id, ...(principal !== undefined && { principal }) },
    volume: { container_path: containerPath, mode: 'RW' },
  };
  return { ...disk, disk: info };
}

/** Reserves offered resources, given as they will be: see {@link reserved}. */
export const reserveOperation = (resources: Resource[], options?: OperationOptions): OfferOperation => ({
  type: 'RESERVE',
  ...idOf(options),
  reserve: { resources },
});

/** Ends the last reservation of resources, given as they are. */
export const unreserveOperation = (resources: Resource[], options?: OperationOptions): OfferOperation => ({
  type: 'UNRESERVE',
  ...idOf(options),
  unreserve: { resources },
});

/** Creates volumes, given as they will be: see {@link persistentVolume}. */
export const createOperation = (volumes: Resource[], options?: OperationOptions): OfferOperation => ({
  type: 'CREATE',
  ...idOf(options),
  create: { volumes },
});

/** Destroys volumes with their data. No task may use them. */
export const destroyOperation = (volumes: Resource[], options?: OperationOptions): OfferOperation => ({
  type: 'DESTROY',
  ...idOf(options),
  destroy: { volumes },
});

/** Makes a volume larger by disk that is reserved alike. */
export const growVolumeOperation = (
  volume: Resource,
  addition: Resource,
  options?: OperationOptions,
): OfferOperation => ({ type: 'GROW_VOLUME', ...idOf(options), grow_volume: { volume, addition } });

/** Takes disk from a volume. */
export const shrinkVolumeOperation = (
  volume: Resource,
  subtractMb: number,
  options?: OperationOptions,
): OfferOperation => ({
  type: 'SHRINK_VOLUME',
  ...idOf(options),
  shrink_volume: { volume, subtract: { value: subtractMb } },
});

/** Launches tasks together on one executor: all of them start, or none, and the end of one ends all. */
export const launchGroupOperation = (executor: ExecutorInfo, tasks: TaskInfo[]): OfferOperation => ({
  type: 'LAUNCH_GROUP',
  launch_group: { executor, task_group: { tasks } },
});

const idOf = (options: OperationOptions | undefined): { id?: { value: string } } =>
  options?.id === undefined ? {} : { id: { value: options.id } };
