import type { AgentView, ReservationView, ResourceAmounts, TaskView } from '@tranche/contracts';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { amountsText, NOTHING, since } from '../../output/cells.js';
import { factsText, showOne } from '../../output/show-one.js';
import { stateWord } from '../../values/task-words.js';
import { chooseAgent } from './choose-agents.js';

const MAX_TASKS = 10;

interface Shown {
  readonly tasks: readonly TaskView[];
  readonly reservations: readonly ReservationView[];
  readonly nowMs: number;
}

/** `tranche agent describe`: everything about one agent. */
export const registerAgentDescribe: Register = (agent, cli) => {
  agent
    .command('describe')
    .description('show one agent: where it is, what it has, who uses it')
    .argument('<AGENT>', 'a host name, an id or a short id')
    .action(
      showing(cli, async (context, [name = '']) => {
        const view = await chooseAgent(context, name);
        const [tasks, reservations] = await Promise.all([
          context.api.list<TaskView>('/v1/tasks', { agentId: view.id, live: 'true' }, MAX_TASKS + 1),
          context.api.list<ReservationView>('/v1/reservations', { agentId: view.id }),
        ]);
        const shown = { tasks: tasks.items, reservations: reservations.items, nowMs: context.io.clock.nowMs() };
        showOne(context, view, view.id, () => agentText(view, shown));
        return EXIT_CODES.done;
      }),
    );
};

function agentText(view: AgentView, { tasks, reservations, nowMs }: Shown): string {
  const { hostname, state, stateReason, drain } = view;
  const attributes = Object.entries(view.attributes).map(([key, value]) => `${key}=${value}`);
  const place = [view.region, view.zone].filter((part) => part !== undefined);
  const facts = factsText([
    ['agent', hostname],
    ['id', view.id],
    ['address', view.address],
    [
      'state',
      `${state} for ${since(view.stateSince, nowMs, false)}${stateReason === undefined ? '' : `: ${stateReason}`}`,
    ],
    ...(drain === undefined ? [] : [['drain', drainText(drain, nowMs)] as const]),
    ['version', view.version],
    ['attributes', attributes.join(' ') || NOTHING],
    ...(place.length === 0 ? [] : [['place', place.join(' / ')] as const]),
    ['registered', `${since(view.registeredAt, nowMs, false)} ago`],
    ['total', amountsText(view.total)],
    ['used', amountsText(view.used)],
    ...(view.pending === undefined ? [] : [['pending', pendingText(view.pending)] as const]),
    ['offered', amountsText(view.offered)],
    ['tasks', String(view.tasks)],
    ['why', `tranche explain agent ${hostname}`],
  ]);
  const reserved = reservations.map(
    ({ role, resources, id }) => `  reserved to ${role}  ${amountsText(resources)}  (${id})\n`,
  );
  const running = tasks
    .slice(0, MAX_TASKS)
    .map(({ name, state, frameworkName }) => `  ${name}  ${stateWord(state)}  of ${frameworkName}\n`);
  const more = tasks.length > MAX_TASKS ? [`  and more: tranche ps --agent ${hostname}\n`] : [];
  return [facts, ...reserved, ...running, ...more].join('');
}

const pendingText = (beyond: ResourceAmounts): string =>
  `its total was lowered by ${amountsText(beyond)} that tasks still hold: not given out again when they end`;

const drainText = ({ state, markGone, startedAt }: NonNullable<AgentView['drain']>, nowMs: number): string =>
  `${state}, ordered ${since(startedAt, nowMs, false)} ago${markGone ? ', gone when it is empty' : ''}`;
