import type { VolumeView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { formatBytes } from '../../values/size.js';
import { type AgentChange, changeAgents } from '../reservation/agent-operation.js';
import { chooseVolumes, volumeText } from './choose-volumes.js';

/** `tranche volume rm`: destroys a volume. */
export const registerVolumeRm: Register = (volume, cli) => {
  volume
    .command('rm')
    .description('destroy a volume and all that is in it; its disk stays reserved')
    .argument('<VOLUME>', 'its name, its id as volume ls shows it, or a beginning of that')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, [text = ''], flags) => {
        const change: AgentChange<VolumeView> = {
          kind: 'volume',
          nameOf: volumeText,
          ask: ({ id }) => ({ method: 'DELETE', path: `/v1/volumes/${id}` }),
          question: (what, trials) => {
            const bytes = trials.reduce((sum, { target }) => sum + target.diskBytes, 0);
            return `destroy ${what}, ${formatBytes(bytes)}, with all that is in ${trials.length === 1 ? 'it' : 'them'}?`;
          },
          isLossy: true,
          done: (target) => `destroyed ${volumeText(target)}`,
        };
        return changeAgents(context, await chooseVolumes(context, text, flags), change, flags);
      }),
    );
};
