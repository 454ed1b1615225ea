import type { AgentView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { bytesOf, countOf, NOTHING, painter, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { checkedSelector } from '../../output/selected.js';
import { showList } from '../../output/show-list.js';
import { formatSpan } from '../../values/duration.js';

const PRESENT: readonly AgentView['state'][] = ['active', 'deactivated', 'disconnected', 'unreachable'];

/** `tranche agent ls`: the machines, and what of them is used. */
export const registerAgentLs: Register = (agent, cli) => {
  agent
    .command('ls')
    .description('list agents; --all includes those that have left')
    .action(
      action(cli, async (context, _names, { all, selector }) => {
        await showList(
          context,
          () => agentListView(context),
          async () => {
            const attribute = checkedSelector(selector);
            return context.api.list<AgentView>('/v1/agents', { attribute, state: all ? undefined : PRESENT });
          },
        );
      }),
    );
};

function agentListView({ io, settings }: CliContext): ListView<AgentView> {
  const paint = painter(settings.color);
  const isWide = settings.output === 'wide';
  return {
    name: ({ id }) => id,
    whenEmpty: 'no agent has registered',
    columns: [
      { title: 'NAME', cell: ({ hostname }) => hostname },
      {
        title: 'STATE',
        cell: (agent) => paint(agent.state === 'active' ? 'green' : 'red', stateText(agent, io.clock.nowMs())),
      },
      {
        title: 'CPUS',
        cell: ({ used, total }) => countOf(used.cpus, total.cpus),
        order: ({ used }) => used.cpus,
        align: 'right',
      },
      {
        title: 'MEM',
        cell: ({ used, total }) => bytesOf(used.memBytes, total.memBytes),
        order: ({ used }) => used.memBytes,
        align: 'right',
      },
      {
        title: 'DISK',
        cell: ({ used, total }) => bytesOf(used.diskBytes, total.diskBytes),
        order: ({ used }) => used.diskBytes,
        align: 'right',
      },
      { title: 'GPUS', cell: gpusText, order: ({ used }) => used.gpus, align: 'right' },
      { title: 'TASKS', cell: ({ tasks }) => String(tasks), order: ({ tasks }) => tasks, align: 'right' },
      { title: 'ZONE', cell: ({ zone }) => zone ?? NOTHING },
      {
        title: 'AGE',
        cell: ({ registeredAt }) => since(registeredAt, io.clock.nowMs(), isWide),
        order: ({ registeredAt }) => -Date.parse(registeredAt),
        align: 'right',
      },
      { title: 'ID', cell: ({ id }) => id, isWide: true },
      { title: 'ADDRESS', cell: ({ address }) => address, isWide: true },
      { title: 'VERSION', cell: ({ version }) => version, isWide: true },
      { title: 'ATTRIBUTES', cell: attributesText, isWide: true },
    ],
  };
}

/** `unreachable 40s`, `draining 4/7`; plain `active`. */
function stateText({ state, stateSince, drain, tasks }: AgentView, nowMs: number): string {
  if (state === 'deactivated' && drain !== undefined)
    return drain.state === 'drained' ? 'drained' : drainingText(drain, tasks);
  return state === 'active' ? state : `${state} ${formatSpan(nowMs - Date.parse(stateSince))}`;
}

/** How many have ended of those that there were. @param left that live still; more than there were, if one came while it began */
function drainingText({ tasksAtStart }: NonNullable<AgentView['drain']>, left: number): string {
  if (tasksAtStart === undefined) return `draining, ${left} left`;
  const total = Math.max(tasksAtStart, left);
  return `draining ${total - left}/${total}`;
}

function gpusText({ used, total }: AgentView): string {
  return total.gpus === 0 ? NOTHING : countOf(used.gpus, total.gpus);
}

function attributesText({ attributes }: AgentView): string {
  const pairs = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? NOTHING : pairs.join(',');
}
