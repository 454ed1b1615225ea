import { action, type Register } from '../../command-action.js';
import { parseSizeMb } from '../../values/size.js';
import { chooseAgent } from '../agent/order-agent.js';
import { changeAgent } from '../reservation/agent-operation.js';

interface CreateFlags {
  path: string;
  name?: string;
  principal?: string;
  shared?: boolean;
}

export const BYTES_PER_MB = 1 << 20;

/** `tranche volume create`: makes a persistent volume of disk that is reserved to its role. */
export const registerVolumeCreate: Register = (volume, cli) => {
  volume
    .command('create')
    .description('make a persistent volume of disk that is reserved to its role')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .argument('<ROLE>')
    .argument('<SIZE>', '1g')
    .requiredOption('--path <PATH>', 'where containers see it, below their sandbox')
    .option('--name <NAME>', 'its persistence id, unique for the role on the agent; a new one when absent')
    .option('--principal <P>', 'in whose name')
    .option('--shared', 'several tasks may use it at once')
    .action(
      action<CreateFlags>(cli, async (context, [name = '', role = '', size = ''], flags) => {
        const diskBytes = parseSizeMb(size, 'SIZE') * BYTES_PER_MB;
        const agent = await chooseAgent(context, name);
        return changeAgent(context, {
          method: 'POST',
          path: '/v1/volumes',
          body: {
            ...{ agentId: agent.id, role, diskBytes, containerPath: flags.path },
            ...(flags.name === undefined ? {} : { persistenceId: flags.name }),
            ...(flags.principal === undefined ? {} : { principal: flags.principal }),
            ...(flags.shared === true ? { isShared: true } : {}),
          },
          done: ({ converted }) => `created ${converted} on ${agent.hostname}`,
        });
      }),
    );
};
