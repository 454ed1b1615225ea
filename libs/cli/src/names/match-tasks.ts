import type { TaskView } from '@tranche/contracts';
import { NotFoundError } from '../cli.errors.js';
import { type Candidates, chooseTarget } from '../targets/choose-targets.js';
import { isLive } from '../values/task-words.js';
import { isShortOf } from './short-ids.js';

/** What a name can be matched against. */
export type NamedTask = Pick<TaskView, 'id' | 'name' | 'frameworkId' | 'frameworkName' | 'state' | 'launchedAt'>;

/**
 * The tasks that a person means: by id, else by name (`web`, an instance `web.0`, or `FRAMEWORK/NAME`), else by all instances of a
 * name, else by a beginning of the id. Of several, those that live; if none does, the last one of each name.
 *
 * @throws NotFoundError when there is none, with names that are like it
 */
export function matchTasks<T extends NamedTask>(tasks: readonly T[], text: string): T[] {
  const [frameworkText, nameText] = splitName(text);
  const candidates = tasks.filter((task) => frameworkText === undefined || isFramework(task, frameworkText));
  const tests: ((task: T) => boolean)[] = [
    (task) => task.id === nameText,
    (task) => task.name === nameText,
    (task) => isInstanceOf(task.name, nameText),
    (task) => isShortOf(nameText, task.id),
  ];
  for (const test of tests) {
    const matches = candidates.filter(test);
    if (matches.length > 0) return current(matches);
  }
  throw noMatch(tasks, text);
}

/** How tasks are told apart where a name matches several. */
export const TASK_CANDIDATES: Candidates<NamedTask> = {
  kind: 'task',
  nameOf: ({ name, frameworkName }) => `${name} of ${frameworkName}`,
  idOf: ({ id }) => id,
};

/**
 * Exactly one task, for commands that work on one.
 *
 * @throws NotFoundError for none or several, naming the candidates
 */
export function matchOneTask<T extends NamedTask>(tasks: readonly T[], text: string): T {
  return chooseTarget(matchTasks(tasks, text), text, TASK_CANDIDATES);
}

/** True for `web.0` and `web`. */
function isInstanceOf(name: string, base: string): boolean {
  return name.startsWith(`${base}.`) && /^\d+$/.test(name.slice(base.length + 1));
}

/** `FRAMEWORK/NAME` in its two parts. */
export function splitName(text: string): [string | undefined, string] {
  const at = text.indexOf('/');
  return at <= 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
}

function isFramework(task: NamedTask, text: string): boolean {
  return task.frameworkName === text || isShortOf(text, task.frameworkId);
}

/** Earlier runs of the same name are history. */
function current<T extends NamedTask>(matches: T[]): T[] {
  const live = matches.filter(isLive);
  if (live.length > 0) return live;
  const latest = new Map<string, T>();
  for (const task of matches) {
    const key = `${task.frameworkName}/${task.name}`;
    const known = latest.get(key);
    if (!known || known.launchedAt <= task.launchedAt) latest.set(key, task);
  }
  return [...latest.values()];
}

function noMatch(tasks: readonly NamedTask[], text: string): NotFoundError {
  const base = text.replace(/\.\d+$/, '');
  const siblings = [...new Set(tasks.map(({ name }) => name).filter((name) => isInstanceOf(name, base)))];
  if (siblings.length > 0) {
    return new NotFoundError(`no task matches "${text}"`, [
      `tasks named ${base}: ${siblings.slice(0, 20).join(' ')}`,
      `try: tranche ps --all ${base}`,
    ]);
  }
  const details = tasks.length === 0 ? ['the cluster has no tasks yet'] : ['try: tranche ps --all'];
  return new NotFoundError(`no task matches "${text}"`, details, {
    text,
    names: new Set(tasks.map(({ name }) => name)),
  });
}
