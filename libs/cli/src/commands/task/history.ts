import type { TaskView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { shortIds } from '../../names/short-ids.js';
import { NOTHING, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatSpan } from '../../values/duration.js';
import { stateWord } from '../../values/task-words.js';
import { listTasks } from './list-tasks.js';

/** `tranche task history`: every run of a task that the cluster remembers, and how it ended. */
export const registerTaskHistory: Register = (task, cli) => {
  task
    .command('history')
    .description('list all runs of a task, oldest first, and how each ended')
    .argument('<TASK...>', 'names, instances (web.0), FRAMEWORK/NAME or ids')
    .action(
      action(cli, async (context, names) => {
        await showList(
          context,
          (tasks) => historyView(context, shortIds(tasks.map(({ id }) => id))),
          () => listTasks(context, { names, all: true }),
        );
      }),
    );
};

function historyView({ io, settings }: CliContext, ids: ReadonlyMap<string, string>): ListView<TaskView> {
  const isWide = settings.output === 'wide';
  return {
    name: ({ id }) => id,
    whenEmpty: 'the cluster remembers no such task',
    columns: [
      { title: 'ID', cell: ({ id }) => (isWide ? id : (ids.get(id) ?? id)) },
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'FRAMEWORK', cell: ({ frameworkName }) => frameworkName || NOTHING },
      { title: 'STATE', cell: ({ state }) => stateWord(state) },
      { title: 'CAUSE', cell: ({ cause }) => cause ?? NOTHING },
      { title: 'AGENT', cell: ({ agentHostname }) => agentHostname || NOTHING },
      {
        title: 'LAUNCHED',
        cell: ({ launchedAt }) => since(launchedAt, io.clock.nowMs(), isWide),
        order: ({ launchedAt }) => Date.parse(launchedAt),
        align: 'right',
      },
      {
        title: 'RAN',
        cell: (task) => ranFor(task) ?? NOTHING,
        order: (task) => spanMs(task) ?? 0,
        align: 'right',
      },
      { title: 'TRACE', cell: ({ traceId }) => traceId, isWide: true },
    ],
  };
}

const spanMs = ({ runningAt, endedAt }: TaskView): number | undefined =>
  runningAt === undefined || endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(runningAt);

function ranFor(task: TaskView): string | undefined {
  const ms = spanMs(task);
  return ms === undefined ? undefined : formatSpan(Math.max(0, ms));
}
