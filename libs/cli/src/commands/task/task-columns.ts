import type { TaskView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { shortIds } from '../../names/short-ids.js';
import { NOTHING, type Paint, painter, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { formatBytes, formatCount } from '../../values/size.js';
import { memoryKey } from './used-memory.js';
import { stateWord } from '../../values/task-words.js';

/** How tasks are listed, by `ps` and by `task ls`. @param used memory by `memoryKey`, as far as it is known */
export function taskListView({ io, settings }: CliContext, used: ReadonlyMap<string, number>): ListView<TaskView> {
  const paint = painter(settings.color);
  const isWide = settings.output === 'wide';
  return {
    name: (task) => task.id,
    whenEmpty: 'no tasks; tranche run -- sleep 60 starts one, --all shows those that have ended',
    columns: [
      { title: 'NAME', cell: (task) => task.name },
      { title: 'STATE', cell: (task) => paintState(task.state, paint) },
      { title: 'HEALTH', cell: healthOf },
      { title: 'CAUSE', cell: (task) => task.cause ?? NOTHING },
      { title: 'AGENT', cell: (task) => task.agentHostname || NOTHING },
      {
        title: 'CPUS',
        cell: (task) => formatCount(task.resources.cpus),
        order: (task) => task.resources.cpus,
        align: 'right',
      },
      {
        title: 'MEM',
        cell: (task) => memoryText(used.get(memoryKey(task)), task.resources.memBytes),
        order: (task) => task.resources.memBytes,
        align: 'right',
      },
      {
        title: 'RESTARTS',
        cell: ({ restarts }) => (restarts === undefined ? NOTHING : String(restarts)),
        order: ({ restarts = 0 }) => restarts,
        align: 'right',
      },
      {
        title: 'AGE',
        cell: (task) => since(task.launchedAt, io.clock.nowMs(), isWide),
        order: (task) => -Date.parse(task.launchedAt),
        align: 'right',
      },
      { title: 'ID', cell: (task) => task.id, isWide: true },
      { title: 'FRAMEWORK', cell: (task) => task.frameworkName, isWide: true },
      { title: 'ROLE', cell: (task) => task.role, isWide: true },
      { title: 'USER', cell: (task) => task.user || NOTHING, isWide: true },
      { title: 'ENDED', cell: (task) => task.endedAt ?? NOTHING, isWide: true },
      { title: 'SANDBOX UNTIL', cell: (task) => task.sandboxUntil ?? NOTHING, isWide: true },
      { title: 'TRACE', cell: (task) => task.traceId || NOTHING, isWide: true },
    ],
  };
}

/** The name that a person can paste back: the task's, or a short id where several have the name. */
export function pasteableName(tasks: readonly TaskView[], task: TaskView): string {
  const isUnique = tasks.filter(({ name }) => name === task.name).length === 1;
  return isUnique ? task.name : (shortIds(tasks.map(({ id }) => id)).get(task.id) ?? task.id);
}

/** `12 MiB/64 MiB` of used and asked. */
const memoryText = (used: number | undefined, asked: number): string =>
  `${used === undefined ? NOTHING : formatBytes(used)}/${formatBytes(asked)}`;

function healthOf({ healthy }: TaskView): string {
  if (healthy === undefined) return NOTHING;
  return healthy ? 'healthy' : 'unhealthy';
}

function paintState(state: string, paint: Paint): string {
  const word = stateWord(state);
  if (state === 'TASK_RUNNING' || state === 'TASK_FINISHED') return paint('green', word);
  if (['TASK_STAGING', 'TASK_STARTING', 'TASK_KILLING', 'TASK_KILLED', 'TASK_UNREACHABLE'].includes(state)) {
    return paint('yellow', word);
  }
  return paint('red', word);
}
