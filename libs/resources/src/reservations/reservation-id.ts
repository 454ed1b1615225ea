import { createHash } from 'node:crypto';
import type { Resource } from '../resource.js';

/**
 * The id by which people name what is reserved on an agent in one way: to the same roles, by the same principals, with the same labels.
 * It stays as the amounts change.
 */
export const reservationId = (agentId: string, reservations: Resource['reservations']): string =>
  shortHash(agentId, JSON.stringify(reservations));

/** The id of a persistent volume of a reservation. */
export const volumeId = (reservation: string, persistenceId: string): string => shortHash(reservation, persistenceId);

const shortHash = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
