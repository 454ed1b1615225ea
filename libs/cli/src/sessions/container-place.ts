import type { TaskView } from '@tranche/contracts';
import type { ContainerID } from '@tranche/mesos-api';
import type { ApiClient } from '../api/api-client.js';
import { NotFoundError } from '../cli.errors.js';
import { candidateTasks, liveTasks } from '../names/find-tasks.js';
import { matchOneTask } from '../names/match-tasks.js';
import { isLive, stateWord } from '../values/task-words.js';

/** A container, and the agent that it is on. */
export interface ContainerPlace {
  agentId: string;
  container: ContainerID;
  /** The task in whose container it is. */
  task: TaskView;
  /** The task itself runs in it. */
  isOfTask: boolean;
}

/** An id as the API writes it, from its text: `PARENT.CHILD`. No part of it contains a dot. */
export function containerIdOf(text: string): ContainerID {
  const [first = '', ...inner] = text.split('.');
  return inner.reduce<ContainerID>((parent, value) => ({ value, parent }), { value: first });
}

/** The reverse of `containerIdOf`. */
export const containerName = ({ value, parent }: ContainerID): string =>
  parent === undefined ? value : `${containerName(parent)}.${value}`;

/**
 * Finds the container of a task that runs.
 *
 * @throws NotFoundError when no task matches, or several; or when it does not run (any more)
 */
export async function placeOfTask(api: ApiClient, text: string): Promise<ContainerPlace> {
  return placeOf(matchOneTask(await candidateTasks(api, [text]), text));
}

/**
 * Finds a task's container by the task, or any container by its id: `CONTAINER`, or one within others, `CONTAINER.SESSION`.
 *
 * @throws NotFoundError
 */
export async function placeOfContainer(api: ApiClient, text: string): Promise<ContainerPlace> {
  const [root] = text.split('.');
  const live = await liveTasks(api);
  const within = live.filter((task) => task.containerId?.split('.')[0] === root);
  const task = within.find(({ containerId = '' }) => isWithin(text, containerId)) ?? within[0];
  if (task === undefined) return placeOfTask(api, text);
  return { agentId: task.agentId, container: containerIdOf(text), task, isOfTask: task.containerId === text };
}

function placeOf(task: TaskView): ContainerPlace {
  const { agentId, containerId, name } = task;
  if (!isLive(task)) {
    throw new NotFoundError(`${name} does not run: ${task.cause ?? stateWord(task.state)}`, [
      `its output: tranche logs ${name}      its files: tranche fs ls ${name}`,
    ]);
  }
  if (containerId === undefined) {
    throw new NotFoundError(`${name} does not run yet: ${task.cause ?? stateWord(task.state)}`, [
      `wait for it: tranche wait ${name} --for running`,
    ]);
  }
  return { agentId, container: containerIdOf(containerId), task, isOfTask: true };
}

const isWithin = (text: string, containerId: string): boolean =>
  text === containerId || text.startsWith(`${containerId}.`);
