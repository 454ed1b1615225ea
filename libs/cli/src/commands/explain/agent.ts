import type { AgentExplanationView, AgentView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { showing, type Register } from '../../command-action.js';
import { matchIds } from '../../names/match-things.js';
import { since } from '../../output/cells.js';
import { byNameText } from './amounts-by-name.js';
import { print } from './explanation-text.js';

/** `tranche explain agent`: each resource by owner, and why what is idle is idle. */
export const registerExplainAgent: Register = (explain, cli) => {
  explain
    .command('agent')
    .description('who has what of an agent, and why what is idle is idle')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .action(showing(cli, (context, [name = '']) => explainAgent(context, name)));
};

export async function explainAgent(context: CliContext, name: string): Promise<void> {
  const { items } = await context.api.list<AgentView>('/v1/agents');
  const things = items.map(({ id, hostname }) => ({ id, otherName: hostname }));
  const ids = matchIds(things, name, 'agent', 'tranche agent ls --all');
  const live = items.filter(({ id, state }) => ids.has(id) && state !== 'removed' && state !== 'gone');
  const chosen = live.length > 0 ? live.map(({ id }) => id) : [...ids].slice(-1);
  const views = await Promise.all(
    chosen.map((id) => context.api.get<AgentExplanationView>(`/v1/explain/agents/${encodeURIComponent(id)}`)),
  );
  print(context, views, (view) => agentText(context, view));
}

function agentText({ io }: CliContext, view: AgentExplanationView): string {
  const { hostname, state, stateReason, stateSince, total, free, reservedFree, inUse, offered, takers } = view;
  const nowMs = io.clock.nowMs();
  const reason = stateReason === undefined ? '' : `: ${stateReason}`;
  const rows: [string, string][] = [
    ['total', byNameText(total)],
    ...inUse.map((one): [string, string] => [
      'in use',
      `${byNameText(one.amounts)}    by ${one.frameworkName}, role ${one.role}`,
    ]),
    ...offered.map((one): [string, string] => [
      'offered',
      `${byNameText(one.amounts)}    to ${one.frameworkName}, role ${one.role}, for ${since(one.madeAt, nowMs, false)}`,
    ]),
    ['free', byNameText(free)],
    ...reservedFree.map((one): [string, string] => ['  reserved', `${byNameText(one.amounts)}    to role ${one.role}`]),
    ...takers.map(({ frameworkName, role, blockers, offer }): [string, string] => [
      'idle, as',
      `${frameworkName}, role ${role}: ${
        offer === undefined
          ? blockers.map(({ code, text }) => `${code} (${text})`).join(', ')
          : `is offered ${byNameText(offer)} with the next run`
      }`,
    ]),
    ...(takers.length === 0 && Object.keys(free).length > 0 && state === 'active'
      ? [['idle, as', 'no framework is registered'] as [string, string]]
      : []),
  ];
  const lines = rows.map(([title, text]) => `  ${title.padEnd(10)} ${text}`);
  return `agent ${hostname}, ${state} for ${since(stateSince, nowMs, false)}${reason}\n${lines.join('\n')}\n`;
}
