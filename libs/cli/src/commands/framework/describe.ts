import type { FrameworkView, TaskView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { amountsText, NOTHING, since } from '../../output/cells.js';
import { factsText, showAll, type Shown } from '../../output/show-one.js';
import { matchesOfAll } from '../../targets/choose-targets.js';
import { formatSpan } from '../../values/duration.js';
import { stateWord } from '../../values/task-words.js';
import { matchingFrameworks } from './choose-framework.js';

const MAX_TASKS = 10;

/** `tranche framework describe`: everything about frameworks. */
export const registerFrameworkDescribe: Register = (framework, cli) => {
  framework
    .command('describe')
    .description('show frameworks: who each is, what it holds, what runs')
    .argument('<FRAMEWORK...>', 'names, ids or short ids')
    .action(
      showing(cli, async (context, names) => {
        const frameworks = await matchesOfAll(names, (name) => matchingFrameworks(context, name));
        showAll(context, await Promise.all(frameworks.map((view) => shownFramework(context, view))));
        return EXIT_CODES.done;
      }),
    );
};

async function shownFramework({ api, io }: CliContext, view: FrameworkView): Promise<Shown> {
  const query = { frameworkId: view.id, live: 'true' };
  const { items } = await api.list<TaskView>('/v1/tasks', query, MAX_TASKS + 1);
  return { item: view, name: view.id, text: () => frameworkText(view, items, io.clock.nowMs()) };
}

function frameworkText(view: FrameworkView, tasks: readonly TaskView[], nowMs: number): string {
  const { staging, running, ended } = view.tasks;
  const shown = tasks
    .slice(0, MAX_TASKS)
    .map((task) => `  ${task.name}  ${stateWord(task.state)} on ${task.agentHostname}\n`);
  const more = tasks.length > MAX_TASKS ? [`  and more: tranche ps --framework ${view.name}\n`] : [];
  return (
    factsText([
      ['framework', view.name],
      ['id', view.id],
      ['state', stateText(view, nowMs)],
      ['user', view.user],
      ...(view.principal === undefined ? [] : [['principal', view.principal] as const]),
      ...(view.hostname === undefined ? [] : [['host', view.hostname] as const]),
      [
        'roles',
        view.roles.map((role) => (view.suppressedRoles.includes(role) ? `${role} (suppressed)` : role)).join(', '),
      ],
      ['capabilities', view.capabilities.join(' ') || NOTHING],
      ['failover', `removed ${formatSpan(view.failoverTimeoutMs)} after it is lost`],
      ['registered', `${since(view.registeredAt, nowMs, false)} ago`],
      ['used', amountsText(view.used)],
      ['offered', `${amountsText(view.offered)} in ${view.offers} ${view.offers === 1 ? 'offer' : 'offers'}`],
      ['last offer', view.lastOfferAt === undefined ? NOTHING : `${since(view.lastOfferAt, nowMs, false)} ago`],
      ['tasks', `${running} running, ${staging} staging, ${ended} ended`],
      ['why', `tranche explain framework ${view.name}`],
    ]) +
    shown.join('') +
    more.join('')
  );
}

function stateText(
  { state, active, failoverDeadline, disconnectedReason, removedReason }: FrameworkView,
  nowMs: number,
): string {
  const why = disconnectedReason ?? removedReason;
  const left = failoverDeadline === undefined ? '' : `, removed in ${formatSpan(Date.parse(failoverDeadline) - nowMs)}`;
  const inactive = state === 'connected' && !active ? ', inactive' : '';
  return `${state}${inactive}${left}${why === undefined ? '' : `: ${why}`}`;
}
