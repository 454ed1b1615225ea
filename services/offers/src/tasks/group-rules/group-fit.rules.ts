import { Quantities, Resources } from '@tranche/resources';
import { duplicatePersistenceError, revocableMixError } from '../launch-rules/resources.rules.js';
import type { LaunchScene } from '../launch-rules/launch-rule.js';
import type { GroupCandidate, GroupRule } from './group-rule.js';

/** Rule 23, first half: tasks and executor share nothing that is one, and mix nothing. */
export const groupAgrees: GroupRule = ({ tasks, executorResources }) => {
  const parts = [...tasks.map(({ resources }) => resources), executorResources];
  const total = sum(parts);
  const twice = duplicatePersistenceError(total);
  if (twice !== undefined) return `Task group and executor use duplicate persistence ID: ${twice}`;
  const mixed = revocableMixError(total);
  if (mixed !== undefined) return `Task group and executor mix revocable and non-revocable resources: ${mixed}`;
  const quantities = parts.reduce((all, part) => all.plus(part.quantities()), Quantities.of([]));
  if (quantities.equals(total.quantities())) return undefined;
  const ofTasks = tasks.map(({ resources }) => resources.toString()).join(', ');
  return (
    `There are overlapping resources in the task group's task resources { ${ofTasks} } ` +
    `and/or executor resources ${executorResources.toString()}`
  );
};

/** Rule 23, second half. */
export const groupFitsTheOffers: GroupRule = (group, scene) => {
  const total = neededByGroup(group, scene);
  if (scene.available.contains(total)) return undefined;
  const [needed, available] = [total.toString(), scene.available.toString()];
  return `Total resources ${needed} required by task group and its executor are more than available ${available}`;
};

/** What a group takes from the offers: the executor's share only if the executor is not there yet. */
export function neededByGroup(group: GroupCandidate, scene: LaunchScene): Resources {
  const ofTasks = sum(group.tasks.map(({ resources }) => resources));
  return runsAlready(group, scene) ? ofTasks : ofTasks.plus(group.executorResources);
}

/** Whether the group joins an executor that runs on the agent. */
export const runsAlready = ({ executor }: GroupCandidate, { frameworkId, agent, tasks }: LaunchScene): boolean =>
  tasks.executors.infoOf(frameworkId, agent.agentId, executor.executor_id.value) !== undefined;

const sum = (parts: readonly Resources[]): Resources => parts.reduce((all, part) => all.plus(part), Resources.EMPTY);
