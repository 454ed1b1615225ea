import type { AgentView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { parsePairs } from '../../values/pairs.js';
import { parseRoleAmounts, roleAmountsText } from '../../values/role-amounts.js';
import { chooseAgents } from '../agent/choose-agents.js';
import { type AgentChange, changeAgents } from './agent-operation.js';

interface AddFlags extends AllMatchingFlag {
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
    .option(...ALL_MATCHING)
    .action(
      action<AddFlags>(cli, async (context, [name = '', role = '', amounts = ''], flags) => {
        const { label = [], principal } = flags;
        const resources = parseRoleAmounts(amounts, 'AMOUNTS');
        const labels = label.length === 0 ? {} : { labels: parsePairs(label, '--label') };
        const terms = { role, resources, ...labels, ...(principal === undefined ? {} : { principal }) };
        const change: AgentChange<AgentView> = {
          kind: 'agent',
          nameOf: ({ hostname }) => hostname,
          ask: ({ id }) => ({ method: 'POST', path: '/v1/reservations', body: { agentId: id, ...terms } }),
          question: (what) => `reserve ${roleAmountsText(resources)} for ${role} on each of ${what}?`,
          done: ({ hostname }, { converted }) => `reserved ${converted} on ${hostname}`,
        };
        return changeAgents(context, await chooseAgents(context, name, flags), change, flags);
      }),
    );
};
