import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { chooseAgents } from './choose-agents.js';
import { type AgentOrder, orderAgents } from './order-agents.js';

/** `tranche agent gone`: declares an agent gone. */
export const registerAgentGone: Register = (agent, cli) => {
  agent
    .command('gone')
    .description('declare an agent gone for ever; its tasks are answered for at once')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, [name = ''], flags) => {
        const agents = await chooseAgents(context, name, flags);
        const order: AgentOrder = {
          verb: 'gone',
          question: (what, effect) => `declare ${what} gone for ever? ${effect} will be lost`,
          isLossy: true,
          done: ({ hostname }) => `declared ${hostname} gone`,
          trial: ({ hostname }) => `would declare ${hostname} gone`,
        };
        return (await orderAgents(context, agents, order, flags)).exitCode;
      }),
    );
};
