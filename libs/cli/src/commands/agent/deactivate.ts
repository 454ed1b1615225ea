import { action, type Register } from '../../command-action.js';
import { orderAgent } from './order-agent.js';

/** `tranche agent deactivate`: takes an agent out of offering. */
export const registerAgentDeactivate: Register = (agent, cli) => {
  agent
    .command('deactivate')
    .description('offer nothing of an agent any more; its tasks run on')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .action(
      action(cli, (context, [name = '']) =>
        orderAgent(context, name, {
          verb: 'deactivate',
          done: ({ hostname }) => `deactivated ${hostname}`,
        }),
      ),
    );
};
