import type { TaskView } from '@tranche/contracts';
import type { CliContext } from '../cli-context.js';
import { action, type Register } from '../command-action.js';
import { candidateTasks } from '../names/find-tasks.js';
import { matchTasks, TASK_CANDIDATES } from '../names/match-tasks.js';
import { changeTargets } from '../targets/change-targets.js';
import { ALL_MATCHING, type AllMatchingFlag, chooseTargets } from '../targets/choose-targets.js';
import { parseDurationMs } from '../values/duration.js';
import { isLive, stateWord } from '../values/task-words.js';

interface KillFlags extends AllMatchingFlag {
  grace?: string;
}

/** `tranche kill`: ends tasks, with a grace between SIGTERM and SIGKILL. */
export const registerKill: Register = (program, cli) => {
  program
    .command('kill')
    .description('end tasks')
    .argument('<TASK...>', 'each must match exactly one task: a name, an instance (web.0), FRAMEWORK/NAME or an id')
    .option('--grace <DURATION>', "from SIGTERM to SIGKILL (default: the task's own, else 3s)")
    .option(...ALL_MATCHING)
    .action(
      action<KillFlags>(cli, async (context, names, flags) => {
        const gracePeriodMs = flags.grace === undefined ? undefined : parseDurationMs(flags.grace, '--grace');
        const tasks = await chooseTasks(context, names, flags);
        for (const task of tasks.filter((one) => !isLive(one)))
          context.note(`${task.name} has ended already: ${task.cause ?? stateWord(task.state)}`);
        return killTasks(context, tasks.filter(isLive), gracePeriodMs);
      }),
    );
};

async function chooseTasks({ api }: CliContext, names: readonly string[], flags: KillFlags): Promise<TaskView[]> {
  const items = await candidateTasks(api, names);
  return [...new Set(names.flatMap((name) => chooseTargets(matchTasks(items, name), name, TASK_CANDIDATES, flags)))];
}

function killTasks(
  context: CliContext,
  tasks: readonly TaskView[],
  gracePeriodMs: number | undefined,
): Promise<number> {
  const body = gracePeriodMs === undefined ? {} : { gracePeriodMs };
  return changeTargets<TaskView, TaskView>(
    context,
    tasks,
    {
      kind: 'task',
      nameOf: ({ name }) => name,
      send: ({ id, frameworkId }, isTrial) => {
        const query = { frameworkId, ...(isTrial && { dryRun: 'true' }) };
        return context.api.change<TaskView>('POST', `/v1/tasks/${encodeURIComponent(id)}:kill`, query, body);
      },
      question: (what) => `kill ${what}?`,
      text: ({ name, agentHostname }, _view, isTrial) =>
        `${isTrial ? 'would kill' : 'killing'} ${name} on ${agentHostname}`,
      idOf: ({ id }) => id,
    },
    true,
  );
}
