import { action, type Register } from '../../command-action.js';
import { formatBytes } from '../../values/size.js';
import { changeAgent } from '../reservation/agent-operation.js';
import { chooseVolume } from './resize.js';

/** `tranche volume rm`: destroys a volume. */
export const registerVolumeRm: Register = (volume, cli) => {
  volume
    .command('rm')
    .description('destroy a volume and all that is in it; its disk stays reserved')
    .argument('<VOLUME>', 'its name, its id as volume ls shows it, or a beginning of that')
    .action(
      action(cli, async (context, [id = '']) => {
        const { id: whole, persistenceId, agentHostname, diskBytes } = await chooseVolume(context, id);
        return changeAgent(context, {
          method: 'DELETE',
          path: `/v1/volumes/${whole}`,
          question: `destroy ${persistenceId} on ${agentHostname}, ${formatBytes(diskBytes)}, with all that is in it?`,
          done: () => `destroyed ${persistenceId} on ${agentHostname}`,
        });
      }),
    );
};
