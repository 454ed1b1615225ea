import { action, type Register } from '../command-action.js';
import { showList } from '../output/show-list.js';
import { listTasks } from './task/list-tasks.js';
import { taskListView } from './task/task-columns.js';

/** Flags of `ps` and of `task ls`. */
export interface TaskListFlags {
  framework?: string;
  agent?: string;
  state?: string;
}

/** `tranche ps`: what runs. */
export const registerPs: Register = (program, cli) => {
  program
    .command('ps')
    .description('list tasks: those that live, those that are named, or with --all every one')
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
