import type { TaskView } from '@tranche/contracts';
import type { ApiClient } from '../api/api-client.js';
import { NotFoundError } from '../cli.errors.js';
import { matchTasks, splitName } from './match-tasks.js';

/** Of the past so much is looked through for a name: the newest. */
const MAX_PAST = 1000;

/** The tasks that have not ended. */
export async function liveTasks(api: ApiClient): Promise<TaskView[]> {
  return (await api.list<TaskView>('/v1/tasks', { live: true })).items;
}

/** The newest that have ended and whose name or id begins with a text; with none, whatever they are called. */
export async function pastTasks(api: ApiClient, startsWith?: string): Promise<TaskView[]> {
  return (await api.list<TaskView>('/v1/tasks', { live: false, startsWith }, MAX_PAST)).items;
}

/**
 * Tasks among which `matchTasks` finds what the texts mean: those that live, and for a text that none of them has, those of the past that it
 * can mean. When it can mean nothing, the newest of the past, whose names are suggested.
 *
 * @param withPast also where a live task matches
 */
export async function candidateTasks(api: ApiClient, texts: readonly string[], withPast = false): Promise<TaskView[]> {
  const live = await liveTasks(api);
  const past = new Map<string, TaskView>();
  const note = (tasks: readonly TaskView[]): void => {
    for (const task of tasks) past.set(`${task.frameworkId}/${task.id}/${task.launchedAt}`, task);
  };
  for (const text of texts) {
    const isLive = matches(live, text);
    if (isLive && !withPast) continue;
    const found = await pastTasks(api, splitName(text)[1]);
    note(found);
    if (!isLive && !matches(found, text)) note(await pastTasks(api));
  }
  return [...live, ...past.values()];
}

function matches(tasks: readonly TaskView[], text: string): boolean {
  try {
    return matchTasks(tasks, text).length > 0;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
