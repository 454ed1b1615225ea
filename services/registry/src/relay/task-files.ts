import { type ContainerID, isTerminalState } from '@tranche/mesos-api';
import { problem, ProblemError, type Sight, unknown } from '@tranche/http';
import type { ClusterModel } from '../model/cluster-model.js';
import { taskIsSeen, userOfFramework } from '../model/seen-parts.js';
import { executorIdOf, type TaskEntry } from '../model/task-entry.js';
import { sandboxPath } from './sandbox-path.js';
import { chooseTask, type TaskPlace } from './task-place.js';

/** A task's place, and what is known of it. */
type KnownPlace = TaskPlace & Pick<TaskEntry, 'record'>;

/** Which task is meant, and by whom. */
export interface AskedTask {
  readonly taskId: string;
  /** Needed when several frameworks have a task of this id that the caller may see. */
  readonly frameworkId?: string | undefined;
  /** What the caller may see: a task that may not be seen is not there. */
  readonly sight: Sight | undefined;
}

/** Where the files and containers of tasks are. */
export class TaskFiles {
  constructor(private readonly model: ClusterModel) {}

  /** @throws ProblemError 404 for an unknown task, 409 naming the frameworks for an ambiguous one */
  place(asked: AskedTask): TaskPlace {
    return this.find(asked);
  }

  /**
   * The container that a task runs in.
   *
   * @throws ProblemError as `place`; 409 when it does not run, or not yet
   */
  container(asked: AskedTask): { readonly agentId: string; readonly container: ContainerID } {
    const { taskId } = asked;
    const { agentId, isLive, record } = this.find(asked);
    const container = record.statuses.findLast((status) => status.container_status?.container_id !== undefined)
      ?.container_status?.container_id;
    if (isLive && !isTerminalState(record.state) && container !== undefined) return { agentId, container };
    const detail = `task ${taskId} does not run: it is ${record.state}`;
    const hints = [`tranche wait ${taskId} --for running`];
    throw new ProblemError(problem(409, 'task.not_running', 'Task does not run', detail, { hints }));
  }

  private find({ taskId, frameworkId, sight }: AskedTask): KnownPlace {
    const seen = this.model
      .tasks(taskId)
      .filter((task) => taskIsSeen(sight, task, userOfFramework(this.model, task.record.frameworkId)));
    const found = chooseTask(seen.map(placeOf), frameworkId);
    switch (found.kind) {
      case 'found':
        return found.place;
      case 'unknown':
        throw new ProblemError(unknown('task', unknownDetail(taskId, frameworkId)));
      case 'ambiguous': {
        const detail = `task ${taskId} is in ${found.frameworkIds.length} frameworks: ${found.frameworkIds.join(', ')}`;
        const hints = found.frameworkIds.map((id) => `?frameworkId=${encodeURIComponent(id)}`);
        throw new ProblemError(problem(409, 'task.ambiguous', 'Task is ambiguous', detail, { hints }));
      }
    }
  }

  /**
   * The path under which the task's agent serves a file of its sandbox.
   *
   * @throws ProblemError 400 for a path that leaves the sandbox
   */
  pathOf(place: TaskPlace, relative: string): string {
    const path = sandboxPath(place, relative);
    if (path.ok) return path.path;
    const errors = [{ path: 'path', message: path.reason, value: relative }];
    throw new ProblemError(problem(400, 'path.outside_sandbox', 'Path outside the sandbox', path.reason, { errors }));
  }
}

const placeOf = ({ record, shelf }: TaskEntry): KnownPlace => ({
  record,
  frameworkId: record.frameworkId,
  agentId: record.agentId,
  executorId: executorIdOf(record),
  ...(record.info.executor?.type === 'DEFAULT' ? { nestedTaskId: record.taskId } : {}),
  isLive: shelf !== 'completed_tasks',
});

const unknownDetail = (taskId: string, frameworkId: string | undefined): string =>
  `no task has the id ${taskId}${frameworkId === undefined ? '' : ` in framework ${frameworkId}`}`;
