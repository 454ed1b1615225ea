import type { Resources } from '@tranche/resources';
import type { LaunchCandidate, LaunchRule, LaunchScene } from './launch-rule.js';
import { duplicatePersistenceError, revocableMixError } from './resources.rules.js';

/** Rule 16: a task and its executor together. */
export const taskAndExecutorAgree: LaunchRule = ({ resources, executorResources }) => {
  if (executorResources.isEmpty) return undefined;
  const total = resources.plus(executorResources);
  if (overlaps(resources, executorResources)) {
    const [ofTask, ofExecutor] = [resources.toString(), executorResources.toString()];
    return `There are overlapping resources in the task resources ${ofTask} and executor resources ${ofExecutor}`;
  }
  const twice = duplicatePersistenceError(total);
  if (twice !== undefined) return `Task and its executor use duplicate persistence ID: ${twice}`;
  const mixed = revocableMixError(total);
  return mixed === undefined ? undefined : `Task and its executor mix revocable and non-revocable resources: ${mixed}`;
};

/** Rule 17. */
export const fitsTheOffers: LaunchRule = (task, scene) => {
  const total = neededBy(task, scene);
  if (scene.available.contains(total)) return undefined;
  const [needed, available] = [total.toString(), scene.available.toString()];
  return `Total resources ${needed} required by task and its executor is more than available ${available}`;
};

/** What a launch takes from the offers: the executor's share only if the executor is not there yet. */
export function neededBy(task: LaunchCandidate, { frameworkId, agent, tasks }: LaunchScene): Resources {
  const executorId = task.info.executor?.executor_id.value;
  const runs = executorId !== undefined && tasks.executors.infoOf(frameworkId, agent.agentId, executorId) !== undefined;
  return runs ? task.resources : task.resources.plus(task.executorResources);
}

/** Ranges or sets with common members sum up to less than their parts. */
function overlaps(a: Resources, b: Resources): boolean {
  const parts = a.quantities().plus(b.quantities());
  return !parts.equals(a.plus(b).quantities());
}
