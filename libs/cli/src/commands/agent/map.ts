import type { AgentView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { showing, type Register } from '../../command-action.js';
import { NOTHING, type Paint, painter } from '../../output/cells.js';
import { isTable } from '../../output/list-view.js';
import { formatBytes, formatCount } from '../../values/size.js';

const BAR_WIDTH = 10;
/** Names of places, the largest first. */
const PLACES = ['region', 'zone'] as const;

/** Where agents are, and the agents there. */
export interface MapGroup {
  readonly place: string;
  readonly agents: readonly AgentView[];
}

/** `tranche agent map`: the agents by where they are, and how full each is. */
export const registerAgentMap: Register = (agent, cli) => {
  agent
    .command('map')
    .description('show agents by region and zone, or by an attribute, and how full each is')
    .option('--by <ATTRIBUTE>', 'group by this attribute: rack')
    .action(
      showing<{ by?: string }>(cli, async (context, _names, { by }) => {
        const { items } = await context.api.list<AgentView>('/v1/agents');
        const present = items.filter(({ state }) => state !== 'removed' && state !== 'gone');
        const groups = groupAgents(present, by);
        if (!isTable(context)) {
          const indent = context.settings.output === 'json' ? 2 : undefined;
          context.io.stdout.write(`${JSON.stringify({ items: groups }, undefined, indent)}\n`);
          return;
        }
        if (present.length === 0) context.note('no agent has registered');
        context.io.stdout.write(groups.map((group) => groupText(context, group)).join('\n'));
      }),
    );
};

/** By place, in the order of their names; what has no place is last. */
export function groupAgents(agents: readonly AgentView[], attribute: string | undefined): MapGroup[] {
  const placeOf = (agent: AgentView): string =>
    attribute === undefined
      ? PLACES.flatMap((name) => agent[name] ?? []).join(' / ')
      : String(agent.attributes[attribute] ?? '');
  const groups = Map.groupBy(agents, placeOf);
  return [...groups]
    .toSorted(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b, 'en', { numeric: true }))
    .map(([place, members]) => ({
      place: place || NOTHING,
      agents: members.toSorted((a, b) => a.hostname.localeCompare(b.hostname, 'en', { numeric: true })),
    }));
}

function groupText({ settings }: CliContext, { place, agents }: MapGroup): string {
  const paint = painter(settings.color);
  const width = Math.max(...agents.map(({ hostname }) => hostname.length));
  const title = place === NOTHING ? 'no place' : place;
  const lines = agents.map((agent) => {
    const { hostname, used, total, tasks, state } = agent;
    const full = share(agent);
    const text = `cpus ${formatCount(used.cpus)}/${formatCount(total.cpus)}  mem ${formatBytes(used.memBytes)}/${formatBytes(total.memBytes)}`;
    const what = state === 'active' ? `${tasks} ${tasks === 1 ? 'task' : 'tasks'}` : paint('red', state);
    return `  ${hostname.padEnd(width)}  ${bar(full, paint)} ${`${Math.round(full * 100)}%`.padStart(4)}  ${text}  ${what}\n`;
  });
  return `${title}  (${agents.length} ${agents.length === 1 ? 'agent' : 'agents'})\n${lines.join('')}`;
}

/** The resource that is used most decides how full an agent is. */
function share({ used, total }: AgentView): number {
  const parts = (['cpus', 'memBytes', 'diskBytes', 'gpus'] as const).map((name) =>
    total[name] > 0 ? used[name] / total[name] : 0,
  );
  return Math.max(...parts);
}

function bar(full: number, paint: Paint): string {
  const cells = Math.min(BAR_WIDTH, Math.round(full * BAR_WIDTH));
  const color = full > 0.9 ? 'red' : full > 0.6 ? 'yellow' : 'green';
  return paint(color, '█'.repeat(cells)) + '░'.repeat(BAR_WIDTH - cells);
}
