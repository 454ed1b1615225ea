import type { RoleExplanationView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { showing, type Register } from '../../command-action.js';
import { isTable } from '../../output/list-view.js';
import { renderTable } from '../../output/table.js';
import { byNameText } from './amounts-by-name.js';
import { print } from './explanation-text.js';

/** `tranche explain role`: what it may have and has, and who is before it. */
export const registerExplainRole: Register = (explain, cli) => {
  explain
    .command('role')
    .description('guarantee, limit and use of a role, what counts as use, and who is before it')
    .argument('<ROLE>', 'its name')
    .action(showing(cli, (context, [name = '']) => explainRole(context, name)));
};

export async function explainRole(context: CliContext, name: string): Promise<void> {
  const path = name.split('/').map(encodeURIComponent).join('/');
  const view = await context.api.get<RoleExplanationView>(`/v1/explain/roles/${path}`);
  print(context, [view], (one) => roleText(one));
  if (isTable(context) && view.frameworks.length > 0) context.io.stdout.write(`\n${frameworksTable(view)}`);
}

function roleText(view: RoleExplanationView): string {
  const { role, chargedTo, weight, share, counted, headroom, ahead } = view;
  const charged = chargedTo === role ? '' : `    charged to role ${chargedTo}`;
  const limit = Object.entries(view.limit).map(([name, amount]) =>
    amount === 0 ? `no ${name}` : byNameText({ [name]: amount }),
  );
  const rows: [string, string][] = [
    ['guarantee', byNameText(view.guarantee)],
    ['limit', limit.length === 0 ? 'none' : limit.join(' · ')],
    ['used', byNameText(view.used)],
    ['  reserved', `${byNameText(counted.reserved)}    reservations count, used or not`],
    ['  held', `${byNameText(counted.held)}    unreserved; ${byNameText(counted.offered)} of it offered`],
    ['headroom', `${byNameText(headroom.available)} free, ${byNameText(headroom.lacking)} still guaranteed to it`],
    ...headroom.keptForOthers.map((kept): [string, string] => [
      '',
      `${byNameText(kept.amounts)} kept for ${kept.role}`,
    ]),
    ['share', share === undefined ? 'nobody is in the role' : `${percent(share)} by weight ${weight}`],
    ['before it', aheadText(ahead)],
  ];
  const lines = rows.map(([title, text]) => `  ${title.padEnd(11)} ${text}`.trimEnd());
  return `role ${role}${charged}\n${lines.join('\n')}\n`;
}

function aheadText(ahead: RoleExplanationView['ahead']): string {
  if (ahead.length === 0) return 'nobody';
  const shown = ahead.slice(0, 5).map(({ role, share }) => `${role} ${percent(share)}`);
  const more = ahead.length > shown.length ? `, and ${ahead.length - shown.length} more` : '';
  return `${shown.join(', ')}${more}: lower shares are served first`;
}

function frameworksTable({ frameworks }: RoleExplanationView): string {
  return renderTable(
    [
      { title: 'FRAMEWORK', cell: ({ name }) => name },
      { title: 'STATE', cell: ({ state }) => state },
      { title: 'SHARE', cell: ({ share }) => percent(share), align: 'right' },
      { title: 'HOLDS', cell: ({ held }) => byNameText(held) },
    ],
    frameworks,
  );
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
