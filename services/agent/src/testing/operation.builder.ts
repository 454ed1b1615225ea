import type { OfferOperation, Resource } from '@tranche/mesos-api';
import type { OperationRequest } from '../operations/agent-operation.js';

/** For tests: resources of role web, dynamically reserved, as an operation of a framework names them. */
export const scalar = (name: string, value: number): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  reservations: [{ type: 'DYNAMIC', role: 'web', principal: 'p' }],
  allocation_info: { role: 'web' },
});

/** For tests: a persistent volume of role web, seen at `data`. */
export const volume = (id: string, value: number): Resource => ({
  ...scalar('disk', value),
  disk: { persistence: { id, principal: 'p' }, volume: { mode: 'RW', container_path: 'data' } },
});

export const reserve = (...resources: Resource[]): OfferOperation => ({ type: 'RESERVE', reserve: { resources } });

export const volumeOperation = (type: 'CREATE' | 'DESTROY', ...volumes: Resource[]): OfferOperation =>
  type === 'CREATE' ? { type, create: { volumes } } : { type, destroy: { volumes } };

/** For tests: an operation of framework F with the given number, which is also its uuid; with `id`, one that wants feedback. */
export const operationRequest = (info: OfferOperation, number: number, id?: string): OperationRequest => ({
  operationUuid: Buffer.alloc(16, number).toString('base64'),
  ...(id === undefined ? {} : { operationId: id }),
  frameworkId: 'F',
  info,
  traceId: 'a'.repeat(32),
});
