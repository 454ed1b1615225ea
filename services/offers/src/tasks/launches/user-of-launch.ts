import type { ExecutorInfo, OfferOperationLaunchGroup, TaskInfo } from '@tranche/mesos-api';
import type { Framework } from '../../frameworks/framework.js';
import type { OffersContext } from '../../offers-context.js';
import { userOf } from '../task.js';

type Context = Pick<OffersContext, 'authorizer'>;

/** As whom a task would run, and whether its framework may not run tasks as that user. @source formats §8.2 */
export function userOfLaunch(
  { authorizer }: Context,
  { record: { info } }: Framework,
  task: TaskInfo,
): { readonly user: string; readonly isDenied: boolean } {
  const user = userOf(task, info.user);
  return { user, isDenied: !authorizer.may(info.principal, 'run_tasks', user) };
}

/**
 * Why a framework may not launch a group: by a task of it, or by the process of its own that runs them. A group's tasks may each name a user
 * while the executor names another, and it is the executor's process that is started.
 *
 * @returns undefined for a group that it may
 */
export function groupDenial(
  context: Context,
  framework: Framework,
  { executor, task_group }: OfferOperationLaunchGroup,
): string | undefined {
  for (const task of task_group.tasks ?? []) {
    const { user, isDenied } = userOfLaunch(context, framework, task);
    if (isDenied) return `Task '${task.task_id.value}' is not authorized to launch as user '${user}'`;
  }
  const { info } = framework.record;
  const user = userOfProcess(executor, info.user);
  return user === undefined || context.authorizer.may(info.principal, 'run_tasks', user)
    ? undefined
    : `Executor '${executor.executor_id.value}' is not authorized to launch as user '${user}'`;
}

/** Undefined for an executor that its agent plays: none of the framework's runs but its tasks. */
const userOfProcess = ({ type, command }: ExecutorInfo, frameworkUser: string): string | undefined =>
  type === 'DEFAULT' ? undefined : (command?.user ?? frameworkUser);
