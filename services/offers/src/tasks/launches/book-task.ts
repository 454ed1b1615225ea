import type { Resources } from '@tranche/resources';
import type { Acceptance, AcceptContext } from '../../offers/acceptance.js';
import type { LaunchCandidate } from '../launch-rules/launch-rule.js';
import { documentsOf } from '../prepare-launch.js';
import { holdResources } from '../release-resources.js';
import { type Task, userOf } from '../task.js';

export interface Booking {
  /** Empty when the executor runs already, or another task holds it. */
  readonly executorResources: Resources;
  /** The group that it is launched with, named by its first task. */
  readonly groupId?: string;
}

/** Puts a task that may be launched into the books. */
export function bookTask(
  context: AcceptContext,
  acceptance: Acceptance,
  { info, resources }: LaunchCandidate,
  { executorResources, groupId }: Booking,
): void {
  const { framework, agent, role, trace } = acceptance;
  const held = documentsOf(resources.withoutAllocationRole());
  const heldForExecutor = documentsOf(executorResources.withoutAllocationRole());
  const task: Task = {
    stage: 'live',
    held,
    heldForExecutor,
    ...(groupId === undefined ? {} : { groupId }),
    record: {
      frameworkId: framework.frameworkId,
      taskId: info.task_id.value,
      agentId: agent.agentId,
      role,
      info,
      resources: [...held, ...heldForExecutor],
      state: 'TASK_STAGING',
      statuses: [],
      user: userOf(info, framework.record.info.user),
      launchedAtMs: context.clock.nowMs(),
      ...trace,
    },
  };
  context.state.tasks.add(task);
  holdResources(context.state, task);
  context.changes.taskLaunched(task);
  acceptance.tasks.push(task);
}
