import type {
  AgentResponseGetExecutors,
  AgentResponseGetFrameworks,
  AgentResponseGetState,
  AgentResponseGetTasks,
  Operation,
  Task,
} from '@tranche/mesos-api';
import { resourcesOfOperation, type Sight } from '@tranche/http';
import type { AgentState } from '../../checkpoint/agent-state.js';
import type { AgentPaths } from '../../paths.js';
import { type AgentTask, statusInDelivery } from '../../tasks/agent-task.js';
import { isTerminal } from '../../tasks/task-state.js';
import { type ShownFramework, shownFrameworks, taskDocument, taskIsSeen } from '../agent-document.js';

/** Answer to GET_FRAMEWORKS: those with something that lives, and those that had. */
export function frameworksDocument(state: AgentState, paths: AgentPaths, sight?: Sight): AgentResponseGetFrameworks {
  const shown = shownFrameworks(state, paths, sight);
  const described = (isLive: boolean) =>
    shown.filter((each) => each.isLive === isLive).map(({ document }) => ({ framework_info: document.info }));
  return { frameworks: described(true), completed_frameworks: described(false) };
}

/** Answer to GET_EXECUTORS; a command task is shown below the executor that the agent plays for it. */
export function executorsDocument(state: AgentState, paths: AgentPaths, sight?: Sight): AgentResponseGetExecutors {
  const shown = shownFrameworks(state, paths, sight);
  const described = (list: 'executors' | 'completedExecutors') =>
    shown.flatMap(({ document }: ShownFramework) => document[list].map(({ info }) => ({ executor_info: info })));
  return { executors: described('executors'), completed_executors: described('completedExecutors') };
}

/** Answer to GET_TASKS. Nothing is ever pending: what the agent has taken over is written down, and queued at least. */
export function tasksDocument(state: AgentState, sight?: Sight): AgentResponseGetTasks {
  const queued: Task[] = [];
  const launched: Task[] = [];
  const terminated: Task[] = [];
  const completed: Task[] = [];
  for (const { tasks, completed: ended, info } of state.frameworks) {
    const documentOf = (task: AgentTask): Task => ({ ...taskDocument(task, info), ...updateOf(task) });
    for (const task of tasks.values()) {
      if (!taskIsSeen(sight, task, info)) continue;
      const list = isTerminal(task.state) ? terminated : isQueued(task) ? queued : launched;
      list.push(documentOf(task));
    }
    completed.push(...ended.filter((task) => taskIsSeen(sight, task, info)).map(documentOf));
  }
  return {
    pending_tasks: [],
    queued_tasks: queued,
    launched_tasks: launched,
    terminated_tasks: terminated,
    completed_tasks: completed,
  };
}

/** Answer to GET_STATE. */
export const stateDocument = (state: AgentState, paths: AgentPaths, sight?: Sight): AgentResponseGetState => ({
  get_tasks: tasksDocument(state, sight),
  get_executors: executorsDocument(state, paths, sight),
  get_frameworks: frameworksDocument(state, paths, sight),
});

/** Operations that the agent remembers; for who may not see everything those on resources that it may see. */
export const operationsDocument = ({ agentId, operations }: AgentState, sight?: Sight): Operation[] =>
  Array.from(operations.operations)
    .filter(({ info }) => sight === undefined || resourcesOfOperation(info).every(sight.resource))
    .map(({ operationUuid, frameworkId, info, status }) => ({
      ...(frameworkId === undefined ? {} : { framework_id: { value: frameworkId } }),
      ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
      info,
      latest_status: status,
      statuses: [status],
      uuid: { value: operationUuid },
    }));

const isQueued = ({ state, isDelivered }: AgentTask): boolean => state === 'TASK_STAGING' && isDelivered !== true;

/** The update that the scheduler has yet to acknowledge, else the last one. */
function updateOf(task: AgentTask): Pick<Task, 'status_update_state' | 'status_update_uuid'> {
  const status = statusInDelivery(task);
  if (status?.uuid === undefined) return {};
  return { status_update_state: status.state, status_update_uuid: status.uuid };
}
