import type { AgentView, FrameworkView, TaskView } from '@tranche/contracts';
import type { ApiClient, ApiList } from '../../api/api-client.js';
import { UsageError } from '../../cli.errors.js';
import { matchTasks } from '../../names/match-tasks.js';
import { matchIds } from '../../names/match-things.js';
import { parseLabelFilter } from '../../values/pairs.js';
import { isLive, stateOfWord } from '../../values/task-words.js';

/** What to list. */
export interface TaskFilter {
  /** Names, as `matchTasks` takes them; none means all tasks. */
  names: readonly string[];
  framework?: string;
  agent?: string;
  state?: string;
  selector?: string;
  /** Include what has ended. */
  all?: boolean;
}

/**
 * The tasks that a person asked for, oldest first. Those that were named and those of a named state are listed whether they live or
 * not; otherwise only live ones are, unless `all`.
 *
 * @throws NotFoundError when a name matches nothing
 */
export async function listTasks(api: ApiClient, filter: TaskFilter): Promise<ApiList<TaskView>> {
  const list = await api.list<TaskView>('/v1/tasks');
  const keep = await taskTest(api, filter);
  const named = filter.names.length === 0 ? list.items : namedTasks(list.items, filter);
  const isHistory = filter.all === true || filter.state !== undefined || filter.names.length > 0;
  const items = named.filter((task) => keep(task) && (isHistory || isLive(task)));
  return { items: items.toSorted((a, b) => a.launchedAt.localeCompare(b.launchedAt)), asOf: list.asOf };
}

/** With `all` every task of a name, and not only those that live. */
function namedTasks(tasks: readonly TaskView[], { names, all }: TaskFilter): TaskView[] {
  const matched = new Set(names.flatMap((name) => matchTasks(tasks, name)));
  if (!all) return [...matched];
  const keys = new Set([...matched].map((task) => `${task.frameworkName}/${task.name}`));
  return tasks.filter((task) => keys.has(`${task.frameworkName}/${task.name}`));
}

async function taskTest(api: ApiClient, filter: TaskFilter): Promise<(task: TaskView) => boolean> {
  const tests: ((task: TaskView) => boolean)[] = [];
  if (filter.framework !== undefined) {
    const ids = await frameworkIds(api, filter.framework);
    tests.push((task) => ids.has(task.frameworkId));
  }
  if (filter.agent !== undefined) {
    const ids = await agentIds(api, filter.agent);
    tests.push((task) => ids.has(task.agentId));
  }
  if (filter.state !== undefined) {
    const states = filter.state.split(',').map(checkState);
    tests.push((task) => states.includes(task.state));
  }
  if (filter.selector !== undefined) {
    const test = parseLabelFilter(filter.selector);
    tests.push((task) => test(task.labels));
  }
  return (task) => tests.every((test) => test(task));
}

async function frameworkIds(api: ApiClient, text: string): Promise<Set<string>> {
  const { items } = await api.list<FrameworkView>('/v1/frameworks');
  const things = items.map(({ id, name }) => ({ id, otherName: name }));
  return matchIds(things, text, 'framework', 'tranche framework ls --all');
}

async function agentIds(api: ApiClient, text: string): Promise<Set<string>> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const things = items.map(({ id, hostname }) => ({ id, otherName: hostname }));
  return matchIds(things, text, 'agent', 'tranche agent ls --all');
}

const STATES = [
  ...['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'],
  ...[
    'TASK_ERROR',
    'TASK_LOST',
    'TASK_DROPPED',
    'TASK_UNREACHABLE',
    'TASK_GONE',
    'TASK_GONE_BY_OPERATOR',
    'TASK_UNKNOWN',
  ],
];

function checkState(word: string): string {
  const state = stateOfWord(word);
  if (STATES.includes(state)) return state;
  const words = STATES.map((known) => known.replace('TASK_', '').toLowerCase()).join(' ');
  throw new UsageError(`--state: there is no state "${word}"`, [`states: ${words}`]);
}
