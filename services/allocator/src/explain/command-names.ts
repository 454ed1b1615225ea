import type { EngineView } from '@tranche/allocation';
import type { ClusterRecords } from './cluster-records.js';
import type { CommandNames } from './help-command.js';
import { removableReservations } from './removable-reservations.js';

/** Names of the cluster's frameworks and agents that commands find: an id where a name is not the only one of its kind. */
export function commandNames(
  records: Pick<ClusterRecords, 'frameworks' | 'agentRecords'>,
  view: Pick<EngineView, 'total' | 'available'>,
): CommandNames {
  const frameworks = (name: string): number =>
    [...records.frameworks].filter(({ state, info }) => state !== 'removed' && info.name === name).length;
  const hosts = (name: string): number => [...records.agentRecords].filter(({ hostname }) => hostname === name).length;
  return {
    reservationIds: (agentId, role) => removableReservations(view, agentId, role),
    frameworkText: ({ frameworkId, info }) => (frameworks(info.name) === 1 ? info.name : frameworkId),
    agentText: (agentId) => {
      const hostname = [...records.agentRecords].find((record) => record.agentId === agentId)?.hostname;
      return hostname !== undefined && hosts(hostname) === 1 ? hostname : agentId;
    },
  };
}
