import type { TaskView } from '@tranche/contracts';
import { showing, type Register } from '../../command-action.js';
import { candidateTasks } from '../../names/find-tasks.js';
import { matchTasks } from '../../names/match-tasks.js';
import { amountsText, NOTHING, since } from '../../output/cells.js';
import { factsText, showAll } from '../../output/show-one.js';
import { stateWord } from '../../values/task-words.js';
import { isLive } from '../../values/task-words.js';

/** `tranche task describe`: everything about tasks. */
export const registerTaskDescribe: Register = (task, cli) => {
  task
    .command('describe')
    .description('show tasks: what runs where, what it has, and every status it had')
    .argument('<TASK...>', 'names, instances (web.0), FRAMEWORK/NAME or ids')
    .action(
      showing(cli, async (context, names) => {
        const items = await candidateTasks(context.api, names);
        const nowMs = context.io.clock.nowMs();
        const tasks = [...new Set(names.flatMap((name) => matchTasks(items, name)))];
        showAll(
          context,
          tasks.map((view) => ({ item: view, name: view.id, text: () => taskText(view, nowMs) })),
        );
      }),
    );
};

function taskText(task: TaskView, nowMs: number): string {
  const { name, cause, healthy, exitCode, signal, labels, endedAt, runningAt } = task;
  const ago = (iso: string): string => `${since(iso, nowMs, false)} ago  (${iso})`;
  const ended = exitCode !== undefined ? `exit ${exitCode}` : signal !== undefined ? `signal ${signal}` : undefined;
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const facts: [string, string | undefined][] = [
    ['task', name],
    ['id', task.id],
    ['state', `${stateWord(task.state)}${cause === undefined ? '' : `: ${cause}`}`],
    ['health', healthy === undefined ? undefined : healthy ? 'healthy' : 'unhealthy'],
    ['ended by', ended],
    ['framework', `${task.frameworkName}  (${task.frameworkId})`],
    ['role', task.role],
    ['agent', `${task.agentHostname || NOTHING}  (${task.agentId})`],
    ['container', task.containerId],
    ['user', task.user || NOTHING],
    ['command', task.command],
    ['resources', amountsText(task.resources)],
    ['labels', pairs.length === 0 ? undefined : pairs.join(' ')],
    ['launched', ago(task.launchedAt)],
    ['running', runningAt === undefined ? undefined : ago(runningAt)],
    ['ended', endedAt === undefined ? undefined : ago(endedAt)],
    ['sandbox', isLive(task) ? undefined : task.sandboxUntil === undefined ? NOTHING : `until ${task.sandboxUntil}`],
    ['trace', task.traceId || NOTHING],
    ['more', `tranche explain task ${name} · tranche logs ${name} · tranche trace ${name}`],
  ];
  const shown = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  const statuses = task.statuses.map(({ at, state, source, reason, message }) => {
    const why = [reason, message].filter((part) => part !== undefined && part !== '').join(': ');
    return `  ${at}  ${stateWord(state).padEnd(10)}  ${source ?? NOTHING}${why === '' ? '' : `  ${why}`}\n`;
  });
  return `${factsText(shown)}${statuses.join('')}`;
}
