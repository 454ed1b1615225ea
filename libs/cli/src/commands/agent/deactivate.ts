import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { chooseAgents } from './choose-agents.js';
import { type AgentOrder, orderAgents } from './order-agents.js';

/** `tranche agent deactivate`: takes an agent out of offering. */
export const registerAgentDeactivate: Register = (agent, cli) => {
  agent
    .command('deactivate')
    .description('offer nothing of an agent any more; its tasks run on')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, [name = ''], flags) => {
        const agents = await chooseAgents(context, name, flags);
        const order: AgentOrder = {
          verb: 'deactivate',
          question: (what, effect) => `deactivate ${what}? ${effect} run on`,
          done: ({ hostname }) => `deactivated ${hostname}`,
          trial: ({ hostname }) => `would deactivate ${hostname}`,
        };
        return (await orderAgents(context, agents, order, flags)).exitCode;
      }),
    );
};
