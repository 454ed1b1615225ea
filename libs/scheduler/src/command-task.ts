import type { CommandInfo, Offer, Resource, TaskInfo } from '@tranche/mesos-api';
import { type TaskNeeds, portsOf, takeResources } from './offer-resources.js';

/** A command to run, and what it needs. */
export interface CommandTask extends TaskNeeds {
  /** Unique among the framework's live tasks. */
  id: string;
  /** For people; default the id. */
  name?: string;
  /** A string is run by `/bin/sh -c`; a list is a program and its arguments, without a shell; an empty one leaves it to the image. */
  command: string | readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Default the framework's user. */
  user?: string;
  labels?: Readonly<Record<string, string>>;
  /** Files to fetch into the sandbox before the start. */
  uris?: readonly string[];
  /** From SIGTERM to SIGKILL when the task is killed. Default 3,000. */
  killGraceMs?: number;
  /** The task is killed and fails when it runs longer. */
  maxRunMs?: number;
}

/** Where a task goes. */
export interface Placement {
  agentId: string;
  /** Cut out of the agent's offer, see `takeResources`. */
  resources: Resource[];
}

/**
 * The `TaskInfo` of a command task. Its ports are in the environment as `PORT0`, `PORT1` … and the first also as `PORT`, unless
 * `env` says otherwise.
 */
export function commandTask(task: CommandTask, { agentId, resources }: Placement): TaskInfo {
  const { id, name, labels, killGraceMs, maxRunMs } = task;
  return {
    name: name ?? id,
    task_id: { value: id },
    agent_id: { value: agentId },
    resources,
    command: commandInfo(task, { ...portVariables(portsOf(resources)), ...task.env }),
    ...(labels && { labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) } }),
    ...(killGraceMs !== undefined && { kill_policy: { grace_period: { nanoseconds: toNanoseconds(killGraceMs) } } }),
    ...(maxRunMs !== undefined && { max_completion_time: { nanoseconds: toNanoseconds(maxRunMs) } }),
  };
}

/**
 * Puts as many of `tasks` as fit, in their order, on one offer.
 *
 * @returns the tasks to launch with that offer, and those that must wait for another
 */
export function packOffer<T extends CommandTask>(
  offer: Offer,
  tasks: readonly T[],
): { launched: TaskInfo[]; waiting: T[] } {
  const launched: TaskInfo[] = [];
  const waiting: T[] = [];
  let left = offer.resources ?? [];
  for (const task of tasks) {
    const cut = takeResources(left, task);
    if (cut.ok) {
      launched.push(commandTask(task, { agentId: offer.agent_id.value, resources: cut.taken }));
      left = cut.left;
    } else {
      waiting.push(task);
    }
  }
  return { launched, waiting };
}

function commandInfo({ command, user, uris }: CommandTask, env: Record<string, string>): CommandInfo {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return {
    ...(typeof command === 'string'
      ? { shell: true, value: command }
      : { shell: false, ...(command.length > 0 && { value: command[0] ?? '', arguments: [...command] }) }),
    ...(variables.length > 0 && { environment: { variables } }),
    ...(user !== undefined && { user }),
    ...(uris && { uris: uris.map((value) => ({ value })) }),
  };
}

function portVariables(ports: readonly number[]): Record<string, string> {
  const numbered = ports.map((port, index) => [`PORT${index}`, String(port)]);
  return Object.fromEntries(ports[0] === undefined ? numbered : [['PORT', String(ports[0])], ...numbered]);
}

function toNanoseconds(ms: number): number {
  return Math.round(ms * 1e6);
}
