import type { Command } from 'commander';
import { type Cli, type Register, action } from '../command-action.js';
import { isTable } from '../output/list-view.js';
import { showList } from '../output/show-list.js';
import { listTasks } from './task/list-tasks.js';
import { taskListView } from './task/task-columns.js';
import { usedMemory } from './task/used-memory.js';

interface TaskListFlags {
  framework?: string;
  agent?: string;
  state?: string;
  role?: string;
}

/** `tranche ps`: what runs. */
export const registerPs: Register = (program, cli) => {
  addTaskList(program.command('ps'), cli).description(
    'list tasks: those that live, those that are named, or with --all every one',
  );
};

/** `tranche task ls`: the same, for those who look for it under its noun. */
export const registerTaskLs: Register = (task, cli) => {
  addTaskList(task.command('ls'), cli).description('the same as tranche ps');
};

function addTaskList(command: Command, cli: Cli): Command {
  return command
    .argument('[TASK...]', 'names, instances (web.0), FRAMEWORK/NAME or ids')
    .option('-f, --framework <F>', 'only of this framework')
    .option('-a, --agent <A>', 'only on this agent')
    .option('--role <R>', 'only in this role, and in those below it')
    .option('-s, --state <STATES>', 'only in these states: running,failed')
    .action(
      action<TaskListFlags>(cli, async (context, names, flags) => {
        let used: ReadonlyMap<string, number> = new Map();
        await showList(
          context,
          () => taskListView(context, used),
          async () => {
            const list = await listTasks(context, { ...flags, names });
            if (isTable(context)) used = await usedMemory(context, list.items);
            return list;
          },
        );
      }),
    );
}
