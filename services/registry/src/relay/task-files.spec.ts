import { authorizerOf } from '@tranche/config';
import { permitsFor, ProblemError, type Sight, sightOf } from '@tranche/http';
import type { ContainerStatus } from '@tranche/mesos-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClusterModel } from '../model/cluster-model.js';
import { frameworkRecord, status, taskRecord } from '../model/model.fakes.js';
import { TaskFiles } from './task-files.js';

const sight = (acls: object): Sight | undefined =>
  sightOf(permitsFor(authorizerOf({ authAcls: JSON.stringify(acls) }), 'dev'));
const only = (...users: string[]) => [
  { principals: { values: ['dev'] }, users: { values: users } },
  { principals: { values: ['dev'] }, users: { type: 'NONE' } },
];

/** The task `t` of `f` runs as alice and that of `g` as bob; `f` and `g` are alice's. */
const OF_ALICE = sight({ permissive: true, view_tasks: only('alice') });
const OF_NOBODY = sight({ permissive: true, view_tasks: only('carol') });
const OF_NO_FRAMEWORK = sight({ permissive: true, view_frameworks: only('carol') });

describe('the files of tasks', () => {
  let files: TaskFiles;

  beforeEach(() => {
    const model = new ClusterModel({ maxCompletedFrameworks: 1, maxCompletedTasksPerFramework: 1 });
    const container_status: ContainerStatus = { container_id: { value: 'c1' } };
    for (const [frameworkId, user] of [
      ['f', 'alice'],
      ['g', 'bob'],
    ] as const) {
      const { info } = frameworkRecord({ frameworkId });
      model.applyFramework({ framework: frameworkRecord({ frameworkId, info: { ...info, user: 'alice' } }) });
      const statuses = [status('TASK_RUNNING', { container_status })];
      model.applyLaunch({ task: taskRecord({ frameworkId, user, state: 'TASK_RUNNING', statuses }) });
    }
    const ended = taskRecord({ taskId: 'over', user: 'bob', state: 'TASK_FINISHED' });
    model.applyLaunch({ task: ended });
    files = new TaskFiles(model);
  });

  const refusal = (find: () => unknown): string => {
    try {
      find();
    } catch (error) {
      if (error instanceof ProblemError)
        return `${error.problem.status} ${error.problem.code}: ${error.problem.detail}`;
      throw error;
    }
    return 'none';
  };

  it('are asked for with a framework where several have a task of the id', () => {
    expect(refusal(() => files.place({ taskId: 't', sight: undefined }))).toBe(
      '409 task.ambiguous: task t is in 2 frameworks: f, g',
    );
    expect(files.container({ taskId: 't', frameworkId: 'g', sight: undefined })).toEqual({
      agentId: 'c-S0',
      container: { value: 'c1' },
    });
  });

  it('are those of the one that somebody may see, whoever else has one of the id', () => {
    expect(files.place({ taskId: 't', sight: OF_ALICE })).toMatchObject({ frameworkId: 'f' });
    expect(files.container({ taskId: 't', sight: OF_ALICE })).toMatchObject({ container: { value: 'c1' } });
  });

  it.each([
    ['that may not be seen', OF_NOBODY, { taskId: 't' }],
    ['whose framework may not be seen', OF_NO_FRAMEWORK, { taskId: 't' }],
    ['that may not be seen, of a framework that is named', OF_ALICE, { taskId: 't', frameworkId: 'g' }],
    ['that may not be seen, and has ended', OF_ALICE, { taskId: 'over' }],
  ])('are unknown of a task %s, as of one that there is not', (_, seen, asked) => {
    const unknown = `404 task.unknown: no task has the id ${asked.taskId}`;
    expect(refusal(() => files.place({ ...asked, sight: seen }))).toMatch(unknown);
    expect(refusal(() => files.container({ ...asked, sight: seen }))).toMatch(unknown);
  });
});
