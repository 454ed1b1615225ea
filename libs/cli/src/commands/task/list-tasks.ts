import type { AgentView, FrameworkView, TaskView } from '@tranche/contracts';
import type { ApiClient, ApiList } from '../../api/api-client.js';
import type { CliContext } from '../../cli-context.js';
import { UsageError } from '../../cli.errors.js';
import { candidateTasks } from '../../names/find-tasks.js';
import { matchTasks } from '../../names/match-tasks.js';
import { matchIds } from '../../names/match-things.js';
import { listPast } from '../../output/list-past.js';
import { checkedSelector, selected } from '../../output/selected.js';
import { stateOfWord } from '../../values/task-words.js';

/** Frameworks that a name is looked for among: the newest. */
const MAX_LOOKED_THROUGH = 1000;

/** What to list. */
export interface TaskFilter {
  /** Names, as `matchTasks` takes them; none means all tasks. */
  names: readonly string[];
  framework?: string;
  agent?: string;
  state?: string;
  role?: string;
  selector?: string;
  /** Include what has ended. */
  all?: boolean;
}

type Context = Pick<CliContext, 'api' | 'flags' | 'note'>;

/**
 * The tasks that a person asked for, oldest first. Those that were named and those of a named state are listed whether they live or
 * not; otherwise only live ones are, unless `all`.
 *
 * @throws NotFoundError when a name matches nothing
 */
export async function listTasks(context: Context, filter: TaskFilter): Promise<ApiList<TaskView>> {
  const { items, ...list } = await fetchTasks(context, filter);
  return { ...list, items: items.toSorted((a, b) => a.launchedAt.localeCompare(b.launchedAt)) };
}

async function fetchTasks(context: Context, filter: TaskFilter): Promise<ApiList<TaskView>> {
  const { api } = context;
  const { names, framework, agent, state, role, selector, all } = filter;
  const frameworkId = framework === undefined ? undefined : await frameworkIds(api, framework);
  const agentId = agent === undefined ? undefined : await agentIds(api, agent);
  const states = state?.split(',').map(checkState);
  if (names.length === 0) {
    const label = checkedSelector(selector);
    const roles = role === undefined ? undefined : [role, `${role}/*`];
    const query = { frameworkId, agentId, state: states, role: roles, label };
    return all || states ? listPast(context, '/v1/tasks', query) : api.list('/v1/tasks', { ...query, live: true });
  }
  const named = namedTasks(await candidateTasks(api, names, all), filter);
  const items = named.filter(
    (task) =>
      (frameworkId?.includes(task.frameworkId) ?? true) &&
      (agentId?.includes(task.agentId) ?? true) &&
      (states?.includes(task.state) ?? true) &&
      (role === undefined || task.role === role || task.role.startsWith(`${role}/`)),
  );
  return { items: selected(items, selector), asOf: 0 };
}

/** With `all` every task of a name, and not only those that live. */
function namedTasks(tasks: readonly TaskView[], { names, all }: TaskFilter): TaskView[] {
  const matched = new Set(names.flatMap((name) => matchTasks(tasks, name)));
  if (!all) return [...matched];
  const keys = new Set([...matched].map((task) => `${task.frameworkName}/${task.name}`));
  return tasks.filter((task) => keys.has(`${task.frameworkName}/${task.name}`));
}

async function frameworkIds(api: ApiClient, text: string): Promise<string[]> {
  const { items } = await api.list<FrameworkView>('/v1/frameworks', {}, MAX_LOOKED_THROUGH);
  const things = items.map(({ id, name }) => ({ id, otherName: name }));
  return [...matchIds(things, text, 'framework', 'tranche framework ls --all')];
}

async function agentIds(api: ApiClient, text: string): Promise<string[]> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const things = items.map(({ id, hostname }) => ({ id, otherName: hostname }));
  return [...matchIds(things, text, 'agent', 'tranche agent ls --all')];
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
