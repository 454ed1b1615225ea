import { action, type Register } from '../../command-action.js';
import { showList } from '../../output/show-list.js';
import type { TaskListFlags } from '../ps.js';
import { listTasks } from './list-tasks.js';
import { taskListView } from './task-columns.js';

/** `tranche task ls`: the same as `ps`, for those who look for it under its noun. */
export const registerTaskLs: Register = (task, cli) => {
  task
    .command('ls')
    .description('the same as tranche ps')
    .argument('[TASK...]', 'names, instances (web.0), FRAMEWORK/NAME or ids')
    .option('-f, --framework <F>', 'only of this framework')
    .option('-a, --agent <A>', 'only on this agent')
    .option('-s, --state <STATES>', 'only in these states: running,failed')
    .action(
      action<TaskListFlags>(cli, async (context, names, flags) => {
        await showList(
          context,
          () => taskListView(context),
          () => listTasks(context.api, { ...flags, names }),
        );
      }),
    );
};
