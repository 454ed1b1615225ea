import type { TaskInfo } from '@tranche/mesos-api';
import type { Framework } from '../../frameworks/framework.js';
import type { OffersContext } from '../../offers-context.js';
import { userOf } from '../task.js';

/** As whom a task would run, and whether its framework may not run tasks as that user. @source formats §8.2 */
export function userOfLaunch(
  { authorizer }: Pick<OffersContext, 'authorizer'>,
  { record: { info } }: Framework,
  task: TaskInfo,
): { readonly user: string; readonly isDenied: boolean } {
  const user = userOf(task, info.user);
  return { user, isDenied: !authorizer.may(info.principal, 'run_tasks', user) };
}
