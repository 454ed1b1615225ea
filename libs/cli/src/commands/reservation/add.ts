import { action, type Register } from '../../command-action.js';
import { parsePairs } from '../../values/pairs.js';
import { parseRoleAmounts } from '../../values/role-amounts.js';
import { chooseAgent } from '../agent/order-agent.js';
import { changeAgent } from './agent-operation.js';

interface AddFlags {
  label?: string[];
  principal?: string;
}

/** `tranche reservation add`: keeps what is free on an agent for a role. */
export const registerReservationAdd: Register = (reservation, cli) => {
  reservation
    .command('add')
    .description('keep what is free on an agent for a role; offers in its way are taken back')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .argument('<ROLE>')
    .argument('<AMOUNTS>', 'cpus=2,mem=1g,disk=10g')
    .option('--label <K=V...>', 'what its owner knows it by')
    .option('--principal <P>', 'in whose name')
    .action(
      action<AddFlags>(cli, async (context, [name = '', role = '', amounts = ''], { label = [], principal }) => {
        const resources = parseRoleAmounts(amounts, 'AMOUNTS');
        const labels = label.length === 0 ? {} : { labels: parsePairs(label, '--label') };
        const agent = await chooseAgent(context, name);
        return changeAgent(context, {
          method: 'POST',
          path: '/v1/reservations',
          body: { agentId: agent.id, role, resources, ...labels, ...(principal === undefined ? {} : { principal }) },
          done: ({ converted }) => `reserved ${converted} on ${agent.hostname}`,
        });
      }),
    );
};
