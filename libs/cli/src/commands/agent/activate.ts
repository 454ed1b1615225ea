import { action, type Register } from '../../command-action.js';
import { orderAgent } from './order-agent.js';

/** `tranche agent activate`: ends a deactivation, or a drain that is complete. */
export const registerAgentActivate: Register = (agent, cli) => {
  agent
    .command('activate')
    .description('offer an agent again that was deactivated or drained')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .action(
      action(cli, (context, [name = '']) =>
        orderAgent(context, name, {
          verb: 'activate',
          done: ({ hostname }) => `activated ${hostname}`,
        }),
      ),
    );
};
