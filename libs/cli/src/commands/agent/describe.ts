import type { AgentView, ReservationView, ResourceAmounts, TaskView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { amountsText, NOTHING, since } from '../../output/cells.js';
import { factsText, showAll, type Shown } from '../../output/show-one.js';
import { matchesOfAll } from '../../targets/choose-targets.js';
import { stateWord } from '../../values/task-words.js';
import { matchingAgents } from './choose-agents.js';

const MAX_TASKS = 10;

interface Parts {
  readonly tasks: readonly TaskView[];
  readonly reservations: readonly ReservationView[];
  readonly nowMs: number;
}

/** `tranche agent describe`: everything about agents. */
export const registerAgentDescribe: Register = (agent, cli) => {
  agent
    .command('describe')
    .description('show agents: where each is, what it has, who uses it')
    .argument('<AGENT...>', 'host names, ids or short ids')
    .action(
      showing(cli, async (context, names) => {
        const agents = await matchesOfAll(names, (name) => matchingAgents(context, name));
        showAll(context, await Promise.all(agents.map((view) => shownAgent(context, view))));
        return EXIT_CODES.done;
      }),
    );
};

async function shownAgent({ api, io }: CliContext, view: AgentView): Promise<Shown> {
  const [tasks, reservations] = await Promise.all([
    api.list<TaskView>('/v1/tasks', { agentId: view.id, live: 'true' }, MAX_TASKS + 1),
    api.list<ReservationView>('/v1/reservations', { agentId: view.id }),
  ]);
  const parts = { tasks: tasks.items, reservations: reservations.items, nowMs: io.clock.nowMs() };
  return { item: view, name: view.id, text: () => agentText(view, parts) };
}

function agentText(view: AgentView, { tasks, reservations, nowMs }: Parts): string {
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
