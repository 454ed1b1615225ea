import type { OfferOperation } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import type { Acceptance, AcceptContext } from '../../offers/acceptance.js';
import { extraCopies, launchable, launchedOn } from '../../offers/remainder.js';
import type { LaunchCandidate } from '../launch-rules/launch-rule.js';
import { launchError } from '../launch-rules/launch-rules.js';
import { neededBy } from '../launch-rules/fit.rules.js';
import { candidateOf } from '../prepare-launch.js';
import { bookTask } from './book-task.js';
import { refuseTasks } from './refuse-tasks.js';
import { userOfLaunch } from './user-of-launch.js';

/** LAUNCH: each task is judged by itself, against what those before it have left. */
export function bookLaunch(context: AcceptContext, acceptance: Acceptance, { launch }: OfferOperation): void {
  const { framework, role } = acceptance;
  for (const info of launch?.task_infos ?? []) {
    const { user, isDenied } = userOfLaunch(context, framework, info);
    if (isDenied) {
      refuseTasks(context, framework, [info], `Not authorized to launch as user '${user}'`, 'REASON_TASK_UNAUTHORIZED');
      continue;
    }
    book(context, acceptance, candidateOf(info, framework.frameworkId, role));
  }
}

/** Books one task, or tells the framework why it cannot be launched. */
function book(context: AcceptContext, acceptance: Acceptance, candidate: LaunchCandidate): void {
  const { framework, agent, remainder } = acceptance;
  const { frameworkId } = framework;
  const scene = { frameworkId, agent, tasks: context.state.tasks, available: launchable(remainder) };
  const error = launchError(candidate, scene);
  if (error !== undefined) return refuseTasks(context, framework, [candidate.info], error);
  const needed = neededBy(candidate, scene);
  if (!extraCopies(remainder, needed).isEmpty) acceptance.takesExtraCopies = true;
  const holdsForExecutor = needed !== candidate.resources;
  bookTask(context, acceptance, candidate, {
    executorResources: holdsForExecutor ? candidate.executorResources : Resources.EMPTY,
  });
  acceptance.remainder = launchedOn(remainder, needed);
}
