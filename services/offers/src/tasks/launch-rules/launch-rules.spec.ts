import type { TaskInfo } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { agentOf } from '../../agents/agent.js';
import { agentRecord, scalar, taskInfo } from '../../testing/offers.fakes.js';
import { candidateOf, launchOperationError } from '../prepare-launch.js';
import { TaskTable } from '../task-table.js';
import { holdResources } from '../release-resources.js';
import { taskOf } from '../task.js';
import { launchError } from './launch-rules.js';

const offered = [scalar('cpus', 4), scalar('mem', 1024), scalar('disk', 100), scalar('gpus', 2)];

const executor = {
  executor_id: { value: 'e1' },
  type: 'CUSTOM' as const,
  command: { value: 'run' },
  resources: [scalar('cpus', 0.1)],
};

function check(
  more: Partial<TaskInfo>,
  setUp: { tasks?: TaskTable; capabilities?: string[] } = {},
): string | undefined {
  const { tasks = new TaskTable(10), capabilities = [] } = setUp;
  const agent = agentOf(agentRecord({ capabilities }));
  const available = Resources.fromJson(offered).withAllocationRole('web');
  const info = { ...taskInfo('t1'), ...more };
  const syntax = launchOperationError({ launch: { task_infos: [info] } });
  return syntax ?? launchError(candidateOf(info, 'F', 'web'), { frameworkId: 'F', agent, tasks, available });
}

describe('a task of a LAUNCH', () => {
  it('is fine with a command and resources that were offered', () => {
    expect(check({})).toBeUndefined();
  });

  it('is fine with an executor, whose framework and roles are filled in', () => {
    expect(check({ command: undefined, executor })).toBeUndefined();
  });

  it.each<[string, Partial<TaskInfo>, string]>([
    ['an empty id', { task_id: { value: '' } }, 'ID must not be empty'],
    ['a slash in its id', { task_id: { value: 'a/b' } }, "'a/b' contains invalid characters"],
    ['another agent', { agent_id: { value: 'S7' } }, 'Task uses invalid agent S7 while agent S1 is expected'],
    [
      'a negative grace period',
      { kill_policy: { grace_period: { nanoseconds: -1 } } },
      "Task's 'kill_policy.grace_period' must be non-negative",
    ],
    [
      'a negative completion time',
      { max_completion_time: { nanoseconds: -1 } },
      "Task's `max_completion_time` must be non-negative",
    ],
    ['a check of no type', { check: {} }, "Task uses invalid check: CheckInfo must specify 'type'"],
    [
      'a command check without a command',
      { check: { type: 'COMMAND', command: { command: { shell: false } } } },
      "Task uses invalid check: Command check must contain 'executable path'",
    ],
    [
      'an HTTP check of a relative path',
      { check: { type: 'HTTP', http: { port: 1, path: 'x' } } },
      "Task uses invalid check: The path 'x' of HTTP check must start with '/'",
    ],
    [
      'a negative check delay',
      { check: { type: 'TCP', tcp: { port: 1 }, delay_seconds: -1 } },
      "Task uses invalid check: Expecting 'delay_seconds' to be non-negative",
    ],
    [
      'a health check of an unknown scheme',
      { health_check: { type: 'HTTP', http: { port: 1, scheme: 'ftp' } } },
      "Task uses invalid health check: Unsupported HTTP health check scheme: 'ftp'",
    ],
    [
      'a health check of neither type',
      { health_check: { tcp: { port: 1 } } },
      "Task uses invalid health check: HealthCheck must specify 'type'",
    ],
    ['no resources', { resources: [] }, 'Task uses no resources'],
    [
      'half a gpu',
      { resources: [scalar('gpus', 0.5)] },
      "Task uses invalid resources: Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer",
    ],
    [
      'a volume of unreserved disk',
      { resources: [{ ...scalar('disk', 1), disk: { persistence: { id: 'v' } } }] },
      'Task uses invalid resources: Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources',
    ],
    [
      'two allocation roles',
      { resources: [scalar('cpus', 1), { ...scalar('mem', 1), allocation_info: { role: 'x' } }] },
      "Invalid task resources: The resources have multiple allocation roles ('x' and 'web') but only one allocation role is allowed",
    ],
    [
      'revocable and other cpus',
      { resources: [scalar('cpus', 1), { ...scalar('cpus', 1), revocable: {} }] },
      "Task mixes revocable and non-revocable resources: Cannot use both revocable and non-revocable 'cpus' at the same time",
    ],
    [
      'a variable without a value',
      { command: { value: 'x', environment: { variables: [{ name: 'A' }] } } },
      "Task's `CommandInfo` is invalid: Environment variable 'A' of type 'VALUE' must have a value set",
    ],
    [
      'a secret variable with a value',
      { command: { value: 'x', environment: { variables: [{ name: 'A', type: 'SECRET', secret: {}, value: 'v' }] } } },
      "Task's `CommandInfo` is invalid: Environment variable 'A' of type 'SECRET' must not have a value set",
    ],
    [
      'a volume from nowhere',
      { container: { type: 'MESOS', volumes: [{ container_path: 'c', mode: 'RW' }] } },
      "Task's `ContainerInfo` is invalid: Invalid volume: Only one of them should be set: 'host_path', 'image' and 'source'",
    ],
    [
      'a Docker container of no image',
      { container: { type: 'DOCKER' } },
      "Task's `ContainerInfo` is invalid: DockerInfo 'docker' is not set for DOCKER typed ContainerInfo",
    ],
    [
      'limits on an agent without them',
      { limits: { cpus: { value: 1 } } },
      'Agent is not capable of handling task resource limits',
    ],
    [
      'neither command nor executor',
      { command: undefined },
      'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
    ],
    [
      'both command and executor',
      { executor },
      'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
    ],
    [
      'a default executor with a command',
      { command: undefined, executor: { ...executor, type: 'DEFAULT' } },
      "'ExecutorInfo.command' must not be set for 'DEFAULT' executor",
    ],
    [
      'an executor of another framework',
      { command: undefined, executor: { ...executor, framework_id: { value: 'G' } } },
      'ExecutorInfo has an invalid FrameworkID (Actual: G vs Expected: F)',
    ],
    [
      'a default executor',
      { command: undefined, executor: { executor_id: { value: 'e' }, type: 'DEFAULT' } },
      "'ExecutorInfo.type' must be 'CUSTOM'",
    ],
    [
      'more than was offered',
      { resources: [scalar('cpus', 99999), scalar('mem', 32)] },
      'Total resources cpus(allocated: web):99999; mem(allocated: web):32 required by task and its executor is more than available cpus(allocated: web):4; mem(allocated: web):1024; disk(allocated: web):100; gpus(allocated: web):2',
    ],
    [
      'cgroups of its own',
      { container: { type: 'MESOS', linux_info: { share_cgroups: false } } },
      "Only tasks in a task group may have 'share_cgroups' set to 'false'",
    ],
  ])('is refused with %s', (_what, more, error) => {
    expect(check(more)).toBe(error);
  });

  it.each([
    [{ disk: { value: 1 } }, "Only cpus and mem may be included in a task's resource limits"],
    [{ cpus: { value: 0.1 } }, 'The cpu limit must be greater than or equal to the cpu request'],
    [{ mem: { value: 'Infinity' as const } }, undefined],
    [{ cpus: { value: 1 }, mem: { value: 32 } }, undefined],
  ])('has limits %j checked against its requests', (limits, error) => {
    expect(check({ limits }, { capabilities: ['TASK_RESOURCE_LIMITS'] })).toBe(error);
  });

  it('cannot reuse the id of a live or unreachable task', () => {
    const tasks = new TaskTable(10);
    const report = { frameworkId: 'F', task: taskInfo('t1'), role: 'web', traceId: '' };
    const task = taskOf(report, { agentId: 'S1', user: 'u', nowMs: 0 });
    tasks.add(task);
    expect(check({}, { tasks })).toBe('Task has duplicate ID: t1');
    task.stage = 'unreachable';
    expect(check({}, { tasks })).toBe('Task reuses the ID of an unreachable task: t1');
  });

  it('must describe a running executor exactly, and does not pay for it again', () => {
    const tasks = new TaskTable(10);
    const state = { tasks } as Parameters<typeof holdResources>[0];
    const { info } = candidateOf(taskInfo('t0', { command: undefined, executor }), 'F', 'web');
    const task = taskOf(
      { frameworkId: 'F', task: info, role: 'web', traceId: '' },
      { agentId: 'S1', user: 'u', nowMs: 0 },
    );
    tasks.add(task);
    holdResources(state, task);
    const all = [scalar('cpus', 4)];
    expect(check({ command: undefined, executor, resources: all }, { tasks })).toBeUndefined();
    const other = { ...executor, command: { value: 'other' } };
    expect(check({ command: undefined, executor: other, resources: all }, { tasks })).toContain(
      'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n',
    );
  });

  it('infers the type of a health check from its one member', () => {
    const { info } = candidateOf(taskInfo('t', { health_check: { command: { value: 'x' } } }), 'F', 'web');
    expect(info.health_check?.type).toBe('COMMAND');
  });
});
