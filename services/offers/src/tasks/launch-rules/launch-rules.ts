import { checkIsValid, healthCheckIsValid } from './check.rules.js';
import { containerIsValid, tasksShareNoCgroups } from './container.rules.js';
import { commandIsValid } from './environment.rules.js';
import { executorIsValid, runsCommandOrExecutor } from './executor.rules.js';
import { fitsTheOffers, taskAndExecutorAgree } from './fit.rules.js';
import { isOnTheOfferedAgent, taskIdIsFree, taskIdIsValid } from './identity.rules.js';
import type { LaunchCandidate, LaunchRule, LaunchScene } from './launch-rule.js';
import { limitsAreValid } from './limits.rules.js';
import { taskResourcesAreValid } from './resources.rules.js';
import { completionTimeIsValid, killPolicyIsValid } from './time.rules.js';

/**
 * What a task of a LAUNCH operation must hold, in the order in which Mesos checks: a client sees the same fault first.
 *
 * @source scheduler API §6, rules 1 to 17; texts of Mesos 1.11
 */
export const LAUNCH_RULES: readonly LaunchRule[] = [
  taskIdIsValid,
  taskIdIsFree,
  isOnTheOfferedAgent,
  killPolicyIsValid,
  completionTimeIsValid,
  checkIsValid,
  healthCheckIsValid,
  taskResourcesAreValid,
  commandIsValid,
  containerIsValid,
  limitsAreValid,
  runsCommandOrExecutor,
  executorIsValid,
  taskAndExecutorAgree,
  fitsTheOffers,
  tasksShareNoCgroups,
];

/** Why a task cannot be launched; the first rule that does not hold. */
export function launchError(task: LaunchCandidate, scene: LaunchScene): string | undefined {
  for (const rule of LAUNCH_RULES) {
    const error = rule(task, scene);
    if (error !== undefined) return error;
  }
  return undefined;
}
