import { action, type Register } from '../../command-action.js';
import { effectsText, orderAgent } from './order-agent.js';

/** `tranche agent gone`: declares an agent gone. */
export const registerAgentGone: Register = (agent, cli) => {
  agent
    .command('gone')
    .description('declare an agent gone for ever; its tasks are answered for at once')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .action(
      action(cli, (context, [name = '']) =>
        orderAgent(context, name, {
          verb: 'gone',
          question: ({ hostname }, effects) =>
            `declare ${hostname} gone for ever? ${effectsText(effects)} will be lost`,
          done: ({ hostname }) => `declared ${hostname} gone`,
        }),
      ),
    );
};
