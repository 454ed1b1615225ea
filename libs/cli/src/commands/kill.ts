import type { TaskView } from '@tranche/contracts';
import type { CliContext } from '../cli-context.js';
import { action, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';
import { candidateTasks } from '../names/find-tasks.js';
import { matchOneTask, matchTasks } from '../names/match-tasks.js';
import { isTable } from '../output/list-view.js';
import { parseDurationMs } from '../values/duration.js';
import { isLive, stateWord } from '../values/task-words.js';

interface KillFlags {
  grace?: string;
  allMatching?: boolean;
}

/** `tranche kill`: ends tasks, with a grace between SIGTERM and SIGKILL. */
export const registerKill: Register = (program, cli) => {
  program
    .command('kill')
    .description('end tasks')
    .argument('<TASK...>', 'each must match exactly one task: a name, an instance (web.0), FRAMEWORK/NAME or an id')
    .option('--grace <DURATION>', "from SIGTERM to SIGKILL (default: the task's own, else 3s)")
    .option('--all-matching', 'kill every task that a name matches')
    .action(
      action<KillFlags>(cli, async (context, names, flags) => {
        const gracePeriodMs = flags.grace === undefined ? undefined : parseDurationMs(flags.grace, '--grace');
        const items = await candidateTasks(context.api, names);
        const tasks = chooseTasks(items, names, flags.allMatching ?? false);
        const live = tasks.filter(isLive);
        for (const task of tasks.filter((task) => !isLive(task))) {
          context.note(`${task.name} has ended already: ${task.cause ?? stateWord(task.state)}`);
        }
        if (live.length > 1) {
          const isAgreed =
            context.flags.dryRun || (await context.confirm(`kill ${live.map(({ name }) => name).join(', ')}?`));
          if (!isAgreed) return EXIT_CODES.failed;
        }
        for (const task of live) await killTask(context, task, gracePeriodMs);
        if (context.settings.output === 'json')
          context.io.stdout.write(`${JSON.stringify({ items: live }, undefined, 2)}\n`);
        return EXIT_CODES.done;
      }),
    );
};

function chooseTasks(tasks: readonly TaskView[], names: readonly string[], allMatching: boolean): TaskView[] {
  const chosen = names.flatMap((name) => (allMatching ? matchTasks(tasks, name) : [matchOneTask(tasks, name)]));
  return [...new Set(chosen)];
}

async function killTask(context: CliContext, task: TaskView, gracePeriodMs: number | undefined): Promise<void> {
  const where = `${task.name} on ${task.agentHostname}`;
  if (context.flags.dryRun) {
    context.io.stdout.write(`would kill ${where}\n`);
    return;
  }
  const path = `/v1/tasks/${encodeURIComponent(task.id)}:kill`;
  await context.api.post(
    path,
    { frameworkId: task.frameworkId },
    { ...(gracePeriodMs !== undefined && { gracePeriodMs }) },
  );
  if (isTable(context)) context.io.stdout.write(`killing ${where}\n`);
  else if (context.settings.output !== 'json') context.io.stdout.write(`${task.id}\n`);
}
