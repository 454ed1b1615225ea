import type { FrameworkView, TaskView } from '@tranche/contracts';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { amountsText, NOTHING, since } from '../../output/cells.js';
import { factsText, showOne } from '../../output/show-one.js';
import { formatSpan } from '../../values/duration.js';
import { stateWord } from '../../values/task-words.js';
import { chooseFramework } from './choose-framework.js';

const MAX_TASKS = 10;

/** `tranche framework describe`: everything about one framework. */
export const registerFrameworkDescribe: Register = (framework, cli) => {
  framework
    .command('describe')
    .description('show one framework: who it is, what it holds, what runs')
    .argument('<FRAMEWORK>', 'a name, an id or a short id')
    .action(
      showing(cli, async (context, [name = '']) => {
        const view = await chooseFramework(context, name);
        const query = { frameworkId: view.id, live: 'true' };
        const { items } = await context.api.list<TaskView>('/v1/tasks', query, MAX_TASKS + 1);
        showOne(context, view, view.id, () => frameworkText(view, items, context.io.clock.nowMs()));
        return EXIT_CODES.done;
      }),
    );
};

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
