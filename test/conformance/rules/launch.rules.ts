// size: one table, a row per rule of one section of the reference; split, the section could not be read beside it.
import { expect } from 'vitest';
import { LaunchTasksV1 } from '@tranche/contracts';
import type { EnvironmentVariable, ExecutorInfo, Resource, TaskInfo, TaskStatus, Volume } from '@tranche/mesos-api';
import { accept, cpusAndMem, scalar, type Stage, taskInfo } from '../stage.js';
import { type Rule, rule } from '../rule.js';

type Fault = readonly [task: Partial<TaskInfo>, message: string | RegExp];

/** A task that runs an executor instead of a command. */
const withExecutor = (executor: Partial<ExecutorInfo>): Partial<TaskInfo> => ({
  command: undefined,
  executor: { executor_id: { value: 'e' }, command: { value: 'x' }, ...executor },
});
const withVariable = (variable: Partial<EnvironmentVariable>): Partial<TaskInfo> => ({
  command: { value: 'x', environment: { variables: [{ name: 'V', ...variable }] } },
});
const withVolume = (volume: Partial<Volume>): Partial<TaskInfo> => ({
  container: { type: 'MESOS', volumes: [{ container_path: 'p', mode: 'RW', ...volume }] },
});
const ranges = (begin: number, end: number): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
});
const OFFERED: readonly Resource[] = [...cpusAndMem(4, 1024), scalar('gpus', 2), ranges(100, 200)];
const RESERVED: Partial<Resource> = { reservations: [{ type: 'DYNAMIC', role: 'web' }] };

async function statusOf(stage: Stage, more: Partial<TaskInfo>, capabilities?: string[]): Promise<TaskStatus> {
  const scheduler = await stage.subscribe();
  const agentId = await stage.agent(capabilities === undefined ? {} : { capabilities });
  const { id } = await stage.offer(scheduler, { agentId, resources: OFFERED });
  await accept(scheduler, [id.value], [taskInfo('t', agentId, more)]);
  return scheduler.status();
}

/** Each task is refused with TASK_ERROR in these words, and nothing is launched. */
const refuses =
  (...faults: Fault[]): Rule['check'] =>
  async (stage) => {
    for (const [task, message] of faults) {
      const { timestamp: _now, ...status } = await statusOf(stage, task);
      expect(status).toEqual({
        task_id: task.task_id ?? { value: 't' },
        agent_id: task.agent_id ?? { value: expect.any(String) },
        state: 'TASK_ERROR',
        source: 'SOURCE_MASTER',
        reason: 'REASON_TASK_INVALID',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      });
      expect(await stage.all(LaunchTasksV1)).toEqual([]);
      await stage.leaveAll();
    }
  };

/** The task is launched. */
async function isLaunched(stage: Stage, more: Partial<TaskInfo>): Promise<void> {
  const scheduler = await stage.subscribe();
  const offer = await stage.offer(scheduler, { resources: OFFERED });
  await accept(scheduler, [offer.id.value], [taskInfo('t', offer.agent_id.value, more)]);
  expect(await scheduler.settled()).toEqual([]);
  await stage.told(LaunchTasksV1);
}

const negative = { nanoseconds: -1 };
const SECRET = { type: 'VALUE' as const, value: { data: 'c2VjcmV0' } };

/** Section 6: what a task must hold to be launched. */
export const launchRules: readonly Rule[] = [
  rule('§6 status of a refused task', 'it has no uuid, and the task is not known', async (stage) => {
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler);
    await accept(scheduler, [offer.id.value], [taskInfo('t', 'elsewhere')]);
    expect(await scheduler.status()).not.toHaveProperty('uuid');
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
    expect(await scheduler.settled()).toEqual([]);
  }),
  rule(
    '§6 rule 1',
    'the task id obeys the rule of ids',
    refuses(
      [{ task_id: { value: '' } }, 'ID must not be empty'],
      [{ task_id: { value: '..' } }, "'..' is disallowed"],
      [{ task_id: { value: 'a/b' } }, "'a/b' contains invalid characters"],
      [{ task_id: { value: 'a\u0001' } }, /contains invalid characters$/],
      [{ task_id: { value: 'x'.repeat(256) } }, 'ID must not be greater than 255 characters'],
    ),
  ),
  rule('§6 rule 2', 'the id is not in use, also not by an unacknowledged or unreachable task', async (stage) => {
    const scheduler = await stage.subscribe();
    const again = async (): Promise<string | undefined> => {
      const offer = await stage.offer(scheduler);
      await accept(scheduler, [offer.id.value], [taskInfo('t', offer.agent_id.value)]);
      return (await scheduler.status()).message;
    };
    const task = await stage.launch(scheduler, 't');
    expect(await again()).toBe('Task has duplicate ID: t');
    const uuid = await stage.report(scheduler, task, { state: 'TASK_FINISHED' });
    await scheduler.next('UPDATE');
    expect(await again()).toBe('Task has duplicate ID: t');
    const acknowledge = { agent_id: task.agent_id, task_id: task.task_id, uuid };
    await scheduler.call({ type: 'ACKNOWLEDGE', acknowledge });
    const reused = await stage.launch(scheduler, 't');
    await stage.agentIs(reused.agent_id.value, 'unreachable');
    await scheduler.next('FAILURE');
    expect(await again()).toBe('Task reuses the ID of an unreachable task: t');
  }),
  rule(
    '§6 rule 3',
    'the task is for the agent of the offer',
    refuses([{ agent_id: { value: 'other' } }, /^Task uses invalid agent other while agent C-S\d+ is expected$/]),
  ),
  rule(
    '§6 rule 4',
    'the grace period of its kill policy is not negative',
    refuses([{ kill_policy: { grace_period: negative } }, "Task's 'kill_policy.grace_period' must be non-negative"]),
  ),
  rule(
    '§6 rule 5',
    'its longest time to completion is not negative',
    refuses([{ max_completion_time: negative }, "Task's `max_completion_time` must be non-negative"]),
  ),
  rule(
    '§6 rule 6',
    'its check is valid',
    refuses(
      [{ check: {} }, "Task uses invalid check: CheckInfo must specify 'type'"],
      [{ check: { type: 'UNKNOWN' } }, "Task uses invalid check: 'UNKNOWN' is not a valid check type"],
    ),
  ),
  rule(
    '§6 rule 7',
    'its health check is valid',
    refuses(
      [{ health_check: {} }, "Task uses invalid health check: HealthCheck must specify 'type'"],
      [
        { health_check: { type: 'TCP' } },
        "Task uses invalid health check: Expecting 'tcp' to be set for TCP health check",
      ],
    ),
  ),
  rule(
    '§6 rule 8',
    'it uses resources, each in itself and all together valid',
    refuses(
      [{ resources: [] }, 'Task uses no resources'],
      [{ resources: [scalar('gpus', 0.5)] }, /gpus.*must be an unsigned integer/],
      [{ resources: [{ ...scalar('disk', 1), disk: {} }] }, /Invalid DiskInfo: DiskInfo is set but empty/],
      [
        { resources: [{ ...scalar('cpus', 1), ...RESERVED, revocable: {} }] },
        /Dynamically reserved resource .* cannot be created from revocable resources/,
      ],
      [
        { resources: [scalar('cpus', 1), { ...scalar('mem', 1), allocation_info: { role: 'other' } }] },
        /multiple allocation roles/,
      ],
      [
        { resources: [scalar('cpus', 1), { ...scalar('cpus', 1), revocable: {} }] },
        /^Task mixes revocable and non-revocable resources/,
      ],
    ),
  ),
  rule(
    '§6 rule 9',
    'variables of its command have a value or a secret, as their type says',
    refuses(
      [withVariable({ type: 'VALUE' }), /'V' of type 'VALUE' must have a value set$/],
      [withVariable({ type: 'VALUE', value: 'v', secret: SECRET }), /must not have a secret set$/],
      [withVariable({ type: 'SECRET' }), /'V' of type 'SECRET' must have a secret set$/],
      [withVariable({ type: 'SECRET', value: 'v', secret: SECRET }), /must not have a value set$/],
      [withVariable({ type: 'SECRET', secret: { type: 'REFERENCE' } }), /must have the 'reference' field set$/],
      [withVariable({ type: 'SECRET', secret: { type: 'VALUE', value: { data: 'AAA=' } } }), /null bytes/],
      [withVariable({ type: 'UNKNOWN', value: 'v' }), /type 'UNKNOWN' is not allowed$/],
    ),
  ),
  rule(
    '§6 rule 10',
    'volumes and Docker settings of its container are consistent',
    refuses(
      [withVolume({}), /Only one of them should be set: 'host_path', 'image' and 'source'$/],
      [withVolume({ host_path: '/a', source: { type: 'SANDBOX_PATH' } }), /Only one of them should be set/],
      [withVolume({ source: { type: 'SANDBOX_PATH' } }), /'source.sandbox_path' is not set/],
      [withVolume({ source: { type: 'CSI_VOLUME', csi_volume: { plugin_name: 'p' } } }), /static_provisioning/],
      [{ container: { type: 'DOCKER' } }, /DockerInfo 'docker' is not set/],
      [
        { container: { type: 'DOCKER', docker: { image: 'i', parameters: [{ key: 'name', value: 'x' }] } } },
        /Parameter in DockerInfo must not be 'name'$/,
      ],
    ),
  ),
  rule('§6 rule 11', 'limits are of cpus and mem, and not below the requests', async (stage) => {
    const infinite = { cpus: { value: 'Infinity' as const }, mem: { value: 128 } };
    await isLaunched(stage, { limits: infinite });
    await refuses(
      [{ limits: { disk: { value: 1 } } }, "Only cpus and mem may be included in a task's resource limits"],
      [{ limits: { cpus: { value: 0.5 } } }, 'The cpu limit must be greater than or equal to the cpu request'],
      [
        { limits: { mem: { value: 1 } }, resources: [scalar('cpus', 1)] },
        'When a memory limit is specified, a memory request must also be specified',
      ],
    )(stage);
    const incapable = await statusOf(stage, { limits: infinite }, []);
    expect(incapable.message).toBe('Agent is not capable of handling task resource limits');
  }),
  rule(
    '§6 rule 12',
    'it has a command or an executor, and not both',
    refuses(
      [{ command: undefined }, 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'],
      [
        { executor: { executor_id: { value: 'e' }, command: { value: 'x' } } },
        'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
      ],
    ),
  ),
  rule(
    '§6 rule 13',
    'its executor is valid in itself and belongs to the framework',
    refuses(
      [withExecutor({ type: 'DEFAULT', command: undefined }), "'ExecutorInfo.type' must be 'CUSTOM'"],
      [withExecutor({ type: 'DEFAULT' }), "'ExecutorInfo.command' must not be set for 'DEFAULT' executor"],
      [
        withExecutor({ type: 'CUSTOM', command: undefined }),
        "'ExecutorInfo.command' must be set for 'CUSTOM' executor",
      ],
      [withExecutor({ command: undefined }), "'ExecutorInfo.command' must be set"],
      [withExecutor({ executor_id: { value: '.' } }), "'.' is disallowed"],
      [withExecutor({ shutdown_grace_period: negative }), /'shutdown_grace_period' must be non-negative$/],
      [withExecutor({ framework_id: { value: 'X' } }), /invalid FrameworkID \(Actual: X vs Expected: C-\d+\)$/],
    ),
  ),
  rule('§6 rule 13: same id', 'an executor with the id of a running one is identical to it', async (stage) => {
    const scheduler = await stage.subscribe();
    const agentId = await stage.agent();
    const launch = async (taskId: string, value: string): Promise<void> => {
      const { id } = await stage.offer(scheduler, { agentId, resources: cpusAndMem(2, 256) });
      const executor = withExecutor({ command: { value }, resources: cpusAndMem(1, 64) });
      await accept(scheduler, [id.value], [taskInfo(taskId, agentId, executor)]);
    };
    await launch('a', 'x');
    await launch('b', 'x');
    await launch('c', 'other');
    expect(await scheduler.status()).toMatchObject({
      task_id: { value: 'c' },
      message: expect.stringContaining('ExecutorInfo is not compatible with existing ExecutorInfo'),
    });
    expect((await stage.all(LaunchTasksV1)).map(({ task }) => task.task_id.value)).toEqual(['a', 'b']);
  }),
  rule('§6 rule 14', 'executors share nothing; one with little cpus and mem is launched', async (stage) => {
    const shared: Resource = {
      ...scalar('disk', 1),
      ...RESERVED,
      shared: {},
      disk: { persistence: { id: 'v' }, volume: { container_path: 'p', mode: 'RW' } },
    };
    await refuses([withExecutor({ resources: [shared] }), /should not contain any shared resources$/])(stage);
    await isLaunched(stage, withExecutor({ resources: [scalar('cpus', 0.001)] }));
  }),
  rule(
    '§6 rule 15',
    'cgroups are shared as single tasks must',
    refuses(
      [
        withExecutor({ container: { type: 'MESOS', linux_info: { share_cgroups: true } } }),
        "The 'share_cgroups' field cannot be set to 'true' on executor containers",
      ],
      [
        { container: { type: 'MESOS', linux_info: { share_cgroups: false } } },
        "Only tasks in a task group may have 'share_cgroups' set to 'false'",
      ],
    ),
  ),
  rule(
    '§6 rule 16',
    'task and executor do not overlap and mix nothing',
    refuses(
      [
        { ...withExecutor({ resources: [ranges(100, 110)] }), resources: [scalar('cpus', 1), ranges(105, 115)] },
        /^There are overlapping resources in the task resources/,
      ],
      [
        { ...withExecutor({ resources: [{ ...scalar('cpus', 1), revocable: {} }] }), resources: [scalar('cpus', 1)] },
        /^Task and its executor mix revocable and non-revocable resources/,
      ],
    ),
  ),
  rule(
    '§6 rule 17',
    'the offers hold what the task and a new executor need',
    refuses(
      [
        { resources: cpusAndMem(99999, 32) },
        'Total resources cpus(allocated: web):99999; mem(allocated: web):32 required by task and its executor is more ' +
          'than available cpus(allocated: web):4; mem(allocated: web):1024; gpus(allocated: web):2; ' +
          'ports(allocated: web):[100-200]',
      ],
      [
        { ...withExecutor({ resources: cpusAndMem(3, 32) }), resources: cpusAndMem(2, 32) },
        /required by task and its executor is more than available/,
      ],
    ),
  ),
  rule('§6 order', 'the first rule that fails is told', async (stage) => {
    const wrong = { agent_id: { value: 'other' }, resources: [], command: undefined };
    await refuses([{ ...wrong, task_id: { value: '.' } }, "'.' is disallowed"])(stage);
    await refuses([wrong, /^Task uses invalid agent/])(stage);
  }),
  rule('§6 launch failures of agents', 'they come to the framework as the agent said them', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    const failed = {
      state: 'TASK_FAILED' as const,
      source: 'SOURCE_AGENT' as const,
      reason: 'REASON_CONTAINER_LAUNCH_FAILED' as const,
      message: 'no',
    };
    const uuid = await stage.report(scheduler, task, failed);
    expect(await scheduler.status()).toMatchObject({ ...failed, uuid, task_id: task.task_id });
  }),
];
