import type { VolumeView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { type AllMatchingFlag, chooseTargets } from '../../targets/choose-targets.js';
import { matchById } from '../reservation/match-by-id.js';

/** `data on n1`. */
export const volumeText = ({ persistenceId, agentHostname }: VolumeView): string =>
  `${persistenceId} on ${agentHostname}`;

/** The volumes that a changing command is meant for. @throws NotFoundError when there is none, or more than one without `--all-matching` */
export async function chooseVolumes({ api }: CliContext, text: string, flags: AllMatchingFlag): Promise<VolumeView[]> {
  const { items } = await api.list<VolumeView>('/v1/volumes');
  const matches = matchById(items, text, 'volume', 'tranche volume ls', ({ persistenceId }) => persistenceId);
  return chooseTargets(matches, text, { kind: 'volume', nameOf: volumeText, idOf: ({ id }) => id }, flags);
}
