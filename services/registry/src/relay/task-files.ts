import { problem, ProblemError, unknown } from '@tranche/http';
import type { ClusterModel } from '../model/cluster-model.js';
import { executorIdOf, type TaskEntry } from '../model/task-entry.js';
import { sandboxPath } from './sandbox-path.js';
import { chooseTask, type TaskPlace } from './task-place.js';

/** Where the files of tasks are. */
export class TaskFiles {
  constructor(private readonly model: ClusterModel) {}

  /**
   * @param frameworkId needed when several frameworks have a task of this id
   * @throws ProblemError 404 for an unknown task, 409 naming the frameworks for an ambiguous one
   */
  place(taskId: string, frameworkId: string | undefined): TaskPlace {
    const found = chooseTask(this.model.tasks(taskId).map(placeOf), frameworkId);
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

const placeOf = ({ record, shelf }: TaskEntry): TaskPlace => ({
  frameworkId: record.frameworkId,
  agentId: record.agentId,
  executorId: executorIdOf(record),
  ...(record.info.executor?.type === 'DEFAULT' ? { nestedTaskId: record.taskId } : {}),
  isLive: shelf !== 'completed_tasks',
});

const unknownDetail = (taskId: string, frameworkId: string | undefined): string =>
  `no task has the id ${taskId}${frameworkId === undefined ? '' : ` in framework ${frameworkId}`}`;
