import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { chooseAgents } from './choose-agents.js';
import { type AgentOrder, orderAgents } from './order-agents.js';

/** `tranche agent activate`: ends a deactivation, or a drain that is complete. */
export const registerAgentActivate: Register = (agent, cli) => {
  agent
    .command('activate')
    .description('offer an agent again that was deactivated or drained')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, [name = ''], flags) => {
        const agents = await chooseAgents(context, name, flags);
        const order: AgentOrder = {
          verb: 'activate',
          question: (what) => `activate ${what}?`,
          done: ({ hostname }) => `activated ${hostname}`,
          trial: ({ hostname }) => `would activate ${hostname}`,
        };
        return (await orderAgents(context, agents, order, flags)).exitCode;
      }),
    );
};
