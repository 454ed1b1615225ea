import type { AgentView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { formatBytes, parseSizeMb } from '../../values/size.js';
import { chooseAgents } from '../agent/choose-agents.js';
import { type AgentChange, changeAgents } from '../reservation/agent-operation.js';

interface CreateFlags extends AllMatchingFlag {
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
    .option(...ALL_MATCHING)
    .action(
      action<CreateFlags>(cli, async (context, [name = '', role = '', size = ''], flags) => {
        const diskBytes = parseSizeMb(size, 'SIZE') * BYTES_PER_MB;
        const terms = {
          ...{ role, diskBytes, containerPath: flags.path },
          ...(flags.name === undefined ? {} : { persistenceId: flags.name }),
          ...(flags.principal === undefined ? {} : { principal: flags.principal }),
          ...(flags.shared === true ? { isShared: true } : {}),
        };
        const change: AgentChange<AgentView> = {
          kind: 'agent',
          nameOf: ({ hostname }) => hostname,
          ask: ({ id }) => ({ method: 'POST', path: '/v1/volumes', body: { agentId: id, ...terms } }),
          question: (what) => `create a volume of ${formatBytes(diskBytes)} for ${role} on each of ${what}?`,
          done: ({ hostname }, { converted }) => `created ${converted} on ${hostname}`,
        };
        return changeAgents(context, await chooseAgents(context, name, flags), change, flags);
      }),
    );
};
