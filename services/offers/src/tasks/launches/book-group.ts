import type { OfferOperation } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import type { Acceptance, AcceptContext } from '../../offers/acceptance.js';
import { launchedOn } from '../../offers/remainder.js';
import { neededByGroup, runsAlready } from '../group-rules/group-fit.rules.js';
import { groupError } from '../group-rules/group-rules.js';
import { groupCandidateOf } from '../prepare-launch.js';
import { bookTask } from './book-task.js';
import { refuseTasks } from './refuse-tasks.js';
import { groupDenial } from './user-of-launch.js';

/** LAUNCH_GROUP: all of its tasks are launched, or each gets the status that says why none is. */
export function bookGroup(context: AcceptContext, acceptance: Acceptance, { launch_group }: OfferOperation): void {
  const { framework, agent, role, remainder } = acceptance;
  const infos = launch_group?.task_group.tasks ?? [];
  const [first] = infos;
  if (launch_group === undefined || first === undefined) return;
  const denial = groupDenial(context, framework, launch_group);
  if (denial !== undefined) return refuseTasks(context, framework, infos, denial, 'REASON_TASK_GROUP_UNAUTHORIZED');
  const group = groupCandidateOf(launch_group, role);
  const { frameworkId } = framework;
  const scene = { frameworkId, agent, tasks: context.state.tasks, available: remainder.available };
  const error = groupError(group, scene);
  if (error !== undefined) return refuseTasks(context, framework, infos, error, 'REASON_TASK_GROUP_INVALID');
  const needed = neededByGroup(group, scene);
  let executorResources = runsAlready(group, scene) ? Resources.EMPTY : group.executorResources;
  for (const task of group.tasks) {
    bookTask(context, acceptance, task, { executorResources, groupId: first.task_id.value });
    executorResources = Resources.EMPTY;
  }
  acceptance.remainder = launchedOn(remainder, needed);
}
