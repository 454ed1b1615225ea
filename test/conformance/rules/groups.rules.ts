import { LaunchTaskGroupsV1, LaunchTasksV1, RecoverResourcesV1 } from '@tranche/contracts';
import type { ExecutorInfo, OfferOperation, Resource, TaskInfo } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { expect } from 'vitest';
import { type Rule, rule } from '../rule.js';
import type { Scheduler } from '../scheduler.js';
import { cpusAndMem, scalar, type Stage, taskInfo } from '../stage.js';

const ENOUGH: readonly Resource[] = [...cpusAndMem(0.1, 32), scalar('disk', 16)];

/** The group's executor, whose framework the call has to name. */
const executorOf = ({ frameworkId }: Scheduler, more: Partial<ExecutorInfo> = {}): ExecutorInfo => ({
  type: 'DEFAULT',
  executor_id: { value: 'e' },
  framework_id: { value: frameworkId },
  resources: [...ENOUGH],
  ...more,
});

const groupOf = (executor: ExecutorInfo, tasks: readonly TaskInfo[]): OfferOperation => ({
  type: 'LAUNCH_GROUP',
  launch_group: { executor, task_group: { tasks: [...tasks] } },
});

interface Group {
  readonly executor?: Partial<ExecutorInfo>;
  readonly tasks?: readonly Partial<TaskInfo>[];
  readonly id?: string;
}

/** Sends a group of two tasks, g0 and g1, on an offer of 4 cpus, 1024 MB and 100 MB of disk. */
async function send(stage: Stage, { executor, tasks = [{}, {}], id }: Group): Promise<Scheduler> {
  const scheduler = await stage.subscribe();
  const offer = await stage.offer(scheduler);
  const infos = tasks.map((more, i) => taskInfo(`g${i}`, offer.agent_id.value, more));
  const operation = groupOf(executorOf(scheduler, executor), infos);
  const operations = [id === undefined ? operation : { ...operation, id: { value: id } }];
  const filters = { refuse_seconds: 7 };
  await scheduler.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters } });
  return scheduler;
}

/** Every task of each group is refused in these words, and none is launched. */
const refuses =
  (...faults: (Group & { readonly message: string | RegExp })[]): Rule['check'] =>
  async (stage) => {
    for (const { message, ...group } of faults) {
      const scheduler = await send(stage, group);
      for (const [i, task] of (group.tasks ?? [{}, {}]).entries()) {
        expect(await scheduler.status()).toMatchObject({
          task_id: task.task_id ?? { value: `g${i}` },
          state: 'TASK_ERROR',
          source: 'SOURCE_MASTER',
          reason: 'REASON_TASK_GROUP_INVALID',
          message: typeof message === 'string' ? message : expect.stringMatching(message),
        });
      }
      expect(await stage.all(LaunchTaskGroupsV1)).toEqual([]);
      await stage.leaveAll();
    }
  };

const shares = (share_cgroups: boolean): Partial<TaskInfo> => ({
  container: { type: 'MESOS', linux_info: { share_cgroups } },
});
const ports: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } };

/** LAUNCH_GROUP: §5.3, and rules 18 to 23 of §6. */
export const groupRules: readonly Rule[] = [
  rule('§5.3 LAUNCH_GROUP', 'the group goes to its agent as one, and is held as one', async (stage) => {
    const scheduler = await send(stage, {});
    const { executor, taskGroup, role, frameworkId } = await stage.told(LaunchTaskGroupsV1);
    expect([role, frameworkId, executor.executor_id.value]).toEqual(['web', scheduler.frameworkId, 'e']);
    expect(taskGroup.tasks?.map(({ task_id }) => task_id.value)).toEqual(['g0', 'g1']);
    expect(taskGroup.tasks?.map((task) => task.executor)).toEqual([executor, executor]);
    expect(executor.resources?.map(({ allocation_info }) => allocation_info?.role)).toEqual(['web', 'web', 'web']);
    const { resources, refuseSeconds } = await stage.told(RecoverResourcesV1);
    expect([Resources.fromJson(resources).toText(), refuseSeconds]).toEqual(['cpus:1.9; disk:84; mem:864', 7]);
    expect(await stage.all(LaunchTasksV1)).toEqual([]);
  }),
  rule('§5.3 LAUNCH_GROUP: all or none', 'one bad task fails all of the group, and no other group', async (stage) => {
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler);
    const task = (taskId: string, more: Partial<TaskInfo> = {}) => taskInfo(taskId, offer.agent_id.value, more);
    const executor = executorOf(scheduler);
    const operations = [
      groupOf(executor, [task('a'), task('b', { resources: [] })]),
      groupOf(executor, [task('c'), task('d')]),
    ];
    await scheduler.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations } });
    const message = "Task 'b' is invalid: Task uses no resources";
    for (const value of ['a', 'b']) {
      expect(await scheduler.status()).toMatchObject({ task_id: { value }, state: 'TASK_ERROR', message });
    }
    const { taskGroup } = await stage.told(LaunchTaskGroupsV1);
    expect(taskGroup.tasks?.map(({ task_id }) => task_id.value)).toEqual(['c', 'd']);
  }),
  rule('§5.3 LAUNCH_GROUP: running executor', 'what it holds is not taken twice', async (stage) => {
    const scheduler = await stage.subscribe();
    const agentId = await stage.agent();
    for (const [taskId, left] of [
      ['a', 'cpus:2.9; disk:84; mem:928'],
      ['b', 'cpus:3; disk:100; mem:960'],
    ] as const) {
      const offer = await stage.offer(scheduler, { agentId });
      const operations = [groupOf(executorOf(scheduler), [taskInfo(taskId, agentId)])];
      await scheduler.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations } });
      await stage.told(LaunchTaskGroupsV1);
      expect(Resources.fromJson((await stage.told(RecoverResourcesV1)).resources).toText()).toBe(left);
    }
  }),
  rule(
    '§5.2 step 1: LAUNCH_GROUP',
    'a malformed resource fails all tasks of its group',
    refuses({ executor: { resources: [scalar('cpus', -1)] }, message: /Invalid scalar resource: value <= 0$/ }),
  ),
  rule(
    '§5.2 step 2: LAUNCH_GROUP',
    'an id fails all tasks of the group',
    refuses({ id: 'op', message: 'The `id` field cannot be set on LAUNCH_GROUP operations' }),
  ),
  rule('§5.2 step 4: LAUNCH_GROUP', 'the framework of the executor is not filled in', async (stage) => {
    const framework_id = undefined;
    await refuses({ executor: { framework_id }, message: "'ExecutorInfo.framework_id' must be set" })(stage);
  }),
  rule(
    '§6 rule 18',
    'an executor with a type; no Docker; a DEFAULT executor has no command and no image',
    refuses(
      { executor: { type: undefined }, message: "'ExecutorInfo.type' must be set" },
      {
        executor: { command: { value: 'x' } },
        message: "'ExecutorInfo.command' must not be set for 'DEFAULT' executor",
      },
      { executor: { type: 'CUSTOM' }, message: "'ExecutorInfo.command' must be set for 'CUSTOM' executor" },
      {
        executor: { container: { type: 'DOCKER', docker: { image: 'i' } } },
        message: "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor",
      },
      {
        executor: { container: { type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: 'i' } } } } },
        message: "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor",
      },
      {
        executor: { type: 'CUSTOM', command: { value: 'x' }, container: { type: 'DOCKER', docker: { image: 'i' } } },
        message: 'Docker ContainerInfo is not supported on the executor',
      },
      {
        tasks: [{}, { container: { type: 'DOCKER', docker: { image: 'i' } } }],
        message: "Task 'g1' is invalid: Docker ContainerInfo is not supported on the task",
      },
    ),
  ),
  rule(
    '§6 rule 19',
    'an executor has cpus, memory and disk',
    refuses(
      {
        executor: { resources: [scalar('mem', 32), scalar('disk', 1)] },
        message: "Executor 'e' uses less CPUs (None) than the minimum required (0.01)",
      },
      {
        executor: { resources: [...cpusAndMem(0.005, 32), scalar('disk', 1)] },
        message: "Executor 'e' uses less CPUs (0.005) than the minimum required (0.01)",
      },
      {
        executor: { resources: [...cpusAndMem(0.1, 16), scalar('disk', 1)] },
        message: "Executor 'e' uses less memory (16MB) than the minimum required (32MB)",
      },
      { executor: { resources: cpusAndMem(0.1, 32) }, message: "Executor 'e' uses no disk" },
    ),
  ),
  rule('§6 rule 20', "a task's own executor is the group's", async (stage) => {
    const executor: ExecutorInfo = { type: 'DEFAULT', executor_id: { value: 'other' } };
    const message = "The `ExecutorInfo` of task 'g1' is different from executor 'e'";
    await refuses({ tasks: [{}, { executor }], message })(stage);
  }),
  rule(
    '§6 rule 21',
    'a task in a network of its own has no HTTP or TCP health check',
    refuses({
      tasks: [
        {
          container: { type: 'MESOS', network_infos: [{ name: 'n' }] },
          health_check: { type: 'TCP', tcp: { port: 80 } },
        },
      ],
      message:
        "Task 'g0' is invalid: HTTP and TCP health checks are not supported for nested containers not joining parent's network",
    }),
  ),
  rule(
    '§6 rule 22',
    'limits need cgroups of their own; tasks of an executor share them alike',
    refuses(
      {
        tasks: [{ limits: { cpus: { value: 2 } } }],
        message: /^Task 'g0' is invalid: Resource limits may only be set /,
      },
      {
        tasks: [shares(true), shares(false)],
        message:
          "If set, the value of 'share_cgroups' must be the same for all tasks in each task group and under a single executor",
      },
      {
        executor: { container: { type: 'MESOS', linux_info: { share_cgroups: true } } },
        message: "The 'share_cgroups' field cannot be set to 'true' on executor containers",
      },
    ),
  ),
  rule(
    '§6 rule 23',
    'tasks and executor do not overlap, and fit the offers together',
    refuses(
      {
        tasks: [{ resources: [...cpusAndMem(), ports] }, { resources: [...cpusAndMem(), ports] }],
        message: /^There are overlapping resources in the task group's task resources /,
      },
      {
        tasks: [{ resources: cpusAndMem(2, 32) }, { resources: cpusAndMem(2, 32) }],
        message: /^Total resources .* required by task group and its executor are more than available /,
      },
      { tasks: [{}, { task_id: { value: 'g0' } }], message: "Task 'g0' is invalid: Task has duplicate ID: g0" },
    ),
  ),
];
