import type { LaunchScene } from '../launch-rules/launch-rule.js';
import { groupSharesCgroupsAlike } from './group-cgroups.rules.js';
import {
  groupExecutorCommandIsValid,
  groupExecutorHasEnough,
  groupExecutorIsFit,
  groupExecutorIsOne,
  groupExecutorIsValid,
} from './group-executor.rules.js';
import { groupAgrees, groupFitsTheOffers } from './group-fit.rules.js';
import type { GroupCandidate, GroupRule } from './group-rule.js';
import { groupTasksAreValid } from './group-task.rules.js';

/**
 * What a task group must hold, in the order in which Mesos checks: a client sees the same fault first.
 *
 * @source scheduler API §6, rules 1 to 11 and 18 to 23; texts of Mesos 1.11
 */
export const GROUP_RULES: readonly GroupRule[] = [
  groupTasksAreValid,
  groupExecutorIsValid,
  groupExecutorIsFit,
  groupExecutorIsOne,
  groupExecutorHasEnough,
  groupAgrees,
  groupFitsTheOffers,
  groupExecutorCommandIsValid,
  groupSharesCgroupsAlike,
];

/** Why a group cannot be launched; the first rule that does not hold. */
export function groupError(group: GroupCandidate, scene: LaunchScene): string | undefined {
  for (const rule of GROUP_RULES) {
    const error = rule(group, scene);
    if (error !== undefined) return error;
  }
  return undefined;
}
