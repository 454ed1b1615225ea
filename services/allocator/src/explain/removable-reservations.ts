import type { EngineView } from '@tranche/allocation';
import { isPersistentVolume, reservationId, Resources } from '@tranche/resources';

/**
 * Ids of what is reserved for a role on an agent, for `tranche reservation rm`.
 *
 * @returns undefined when not all of it can be given back to everybody at once: reservations of the agent's own settings, refined ones,
 * those with volumes, and those that somebody uses
 */
export function removableReservations(
  view: Pick<EngineView, 'total' | 'available'>,
  agentId: string,
  role: string,
): readonly string[] | undefined {
  const reserved = view.total(agentId)?.reserved(role) ?? Resources.EMPTY;
  const free = view.available(agentId) ?? Resources.EMPTY;
  const isRemovable = [...reserved].every(
    (resource) =>
      resource.reservations.length === 1 &&
      resource.reservations[0]?.type === 'DYNAMIC' &&
      !isPersistentVolume(resource),
  );
  if (!isRemovable || !free.contains(reserved)) return undefined;
  return [...new Set(Array.from(reserved, ({ reservations }) => reservationId(agentId, reservations)))];
}
