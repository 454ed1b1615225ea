import type { FrameworkInfoCapabilityType, Offer, OfferOperation, OperationStatus, Resource } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import type { Scheduler } from './scheduler.js';
import { cpusAndMem, scalar, type Stage } from './stage.js';

export const WEB = [{ type: 'DYNAMIC' as const, role: 'web' }];
export const disk = (value: number): Resource => ({ ...scalar('disk', value), reservations: WEB });
export const volume = (value: number, more: Partial<Resource> = {}): Resource => ({
  ...disk(value),
  disk: { persistence: { id: 'v' }, volume: { container_path: 'd', mode: 'RW' } },
  ...more,
});
export const reserve = (...resources: Resource[]): OfferOperation => ({ type: 'RESERVE', reserve: { resources } });
export const unreserve = (...resources: Resource[]): OfferOperation => ({
  type: 'UNRESERVE',
  unreserve: { resources },
});
export const create = (...volumes: Resource[]): OfferOperation => ({ type: 'CREATE', create: { volumes } });
export const destroy = (...volumes: Resource[]): OfferOperation => ({ type: 'DESTROY', destroy: { volumes } });
export const grow = (of: Resource, addition: Resource): OfferOperation => ({
  type: 'GROW_VOLUME',
  grow_volume: { volume: of, addition },
});
export const shrink = (of: Resource, value: number): OfferOperation => ({
  type: 'SHRINK_VOLUME',
  shrink_volume: { volume: of, subtract: { value } },
});

export const withCapabilities = (...types: FrameworkInfoCapabilityType[]) => ({
  capabilities: [{ type: 'MULTI_ROLE' as const }, ...types.map((type) => ({ type }))],
});
export const MODERN = withCapabilities('RESERVATION_REFINEMENT');

/** A framework with an offer of all this of a new agent that has it. */
export async function offered(
  stage: Stage,
  resources: readonly Resource[],
  { info = {}, capabilities }: { info?: object; capabilities?: readonly string[] } = {},
): Promise<{ scheduler: Scheduler; offer: Offer }> {
  const scheduler = await stage.subscribe({ ...MODERN, ...info });
  const agentId = await stage.agent({
    resources: [...cpusAndMem(8, 8192), ...resources],
    ...(capabilities === undefined ? {} : { capabilities: [...capabilities] }),
  });
  const offer = await stage.offer(scheduler, { agentId, resources: [...cpusAndMem(4, 1024), ...resources] });
  return { scheduler, offer };
}

export const operate = (scheduler: Scheduler, { id }: Offer, ...operations: OfferOperation[]) =>
  scheduler.call({
    type: 'ACCEPT',
    accept: { offer_ids: [id], operations, filters: { refuse_seconds: 7 } },
  });

export const named = (operation: OfferOperation, value = 'op'): OfferOperation => ({ ...operation, id: { value } });

export async function told(scheduler: Scheduler): Promise<OperationStatus> {
  const { update_operation_status: update } = await scheduler.next('UPDATE_OPERATION_STATUS');
  if (update === undefined) throw new Error('UPDATE_OPERATION_STATUS without its member');
  return update.status;
}

export const textOf = (resources: readonly Resource[]): string => Resources.fromJson(resources).toText();
