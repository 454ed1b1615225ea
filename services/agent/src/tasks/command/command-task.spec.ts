import { describe, expect, it } from 'vitest';
import type { AgentTask } from '../agent-task.js';
import { argvOf, executorName, userOf } from './command-task.js';
import { frameworkInfo, taskInfo, taskLaunch } from '../../testing/task.builder.js';
import { shutdownGraceMs, taskEnvironment } from './task-environment.js';
import { limitsOf } from './task-limits.js';

describe('a command task', () => {
  it('runs shell commands with sh', () => {
    expect(argvOf({ value: 'echo $A; exit 3' })).toEqual(['sh', '-c', 'echo $A; exit 3']);
  });

  it('runs others with their whole argv, of which the first is replaced by the program', () => {
    expect(argvOf({ shell: false, value: '/bin/echo', arguments: ['echo', 'a b'] })).toEqual(['/bin/echo', 'a b']);
    expect(argvOf({ shell: false, value: '/bin/true' })).toEqual(['/bin/true']);
  });

  it('has the executor name that clients of Mesos know', () => {
    const name = (value: string) => executorName(taskInfo({ task_id: { value: 'st' }, command: { value } }));
    expect(name('sleep 6')).toBe("Command Executor (Task: st) (Command: sh -c 'sleep 6')");
    expect(name('head -c 200000000 /dev/zero')).toBe("Command Executor (Task: st) (Command: sh -c 'head -c 2000...')");
  });

  it('runs as the user of the command, else of the framework', () => {
    expect(userOf(taskInfo({ command: { value: 'x', user: 'svc' } }), frameworkInfo())).toBe('svc');
    expect(userOf(taskInfo(), frameworkInfo())).toBe('root');
  });
});

describe('the executor that is played for a command task', () => {
  it('may take as long to shut down as its task may take to end, and a little more', () => {
    expect(shutdownGraceMs({ grace_period: { nanoseconds: 7_000_000_000 } }, 5_000)).toBe(9_000);
    expect(shutdownGraceMs(undefined, 5_000)).toBe(5_000);
  });
});

describe('taskEnvironment', () => {
  const options = {
    agentId: 'S0',
    ip: '10.0.0.7',
    port: 5051,
    sandbox: '/w/s',
    executorEnvironment: { A: '1', B: '2' },
    shutdownGraceMs: 5_000,
    recoveryTimeoutMs: 900_000,
  };
  const task = (variables: { name: string; value: string }[] = []): AgentTask => ({
    ...taskLaunch({ info: taskInfo({ command: { value: 'x', environment: { variables } } }) }),
    state: 'TASK_STAGING',
    statuses: [],
    pending: [],
  });

  it('tells the task where and for whom it runs', () => {
    const variables = Object.fromEntries(taskEnvironment(task(), frameworkInfo(), options));
    expect(variables).toMatchObject({
      MESOS_FRAMEWORK_ID: 'F',
      MESOS_EXECUTOR_ID: 't1',
      MESOS_SLAVE_ID: 'S0',
      MESOS_SLAVE_PID: 'slave(1)@10.0.0.7:5051',
      MESOS_AGENT_ENDPOINT: '10.0.0.7:5051',
      MESOS_SANDBOX: '/w/s',
      MESOS_DIRECTORY: '/w/s',
      MESOS_ALLOCATION_ROLE: 'dev',
      MESOS_CHECKPOINT: '0',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    });
    expect(variables).not.toHaveProperty('MESOS_RECOVERY_TIMEOUT');
  });

  it('names the recovery times to tasks of checkpointing frameworks', () => {
    const variables = Object.fromEntries(taskEnvironment(task(), { ...frameworkInfo(), checkpoint: true }, options));
    expect(variables).toMatchObject({ MESOS_CHECKPOINT: '1', MESOS_RECOVERY_TIMEOUT: '15mins' });
  });

  it('lets the command override everything, the options of the agent nothing of its own', () => {
    const variables = taskEnvironment(
      task([
        { name: 'B', value: 'mine' },
        { name: 'PATH', value: '/bin' },
      ]),
      frameworkInfo(),
      { ...options, executorEnvironment: { A: '1', B: '2', MESOS_SANDBOX: 'no' } },
    );
    expect(Object.fromEntries(variables)).toMatchObject({ A: '1', B: 'mine', PATH: '/bin', MESOS_SANDBOX: '/w/s' });
    expect(new Set(variables.map(([name]) => name)).size).toBe(variables.length);
  });
});

describe('limitsOf', () => {
  const mb = 1024 * 1024;

  it('takes requests from the resources and leaves the rest to the containerizer', () => {
    expect(limitsOf(taskInfo(), { enforceCpuRequest: false })).toEqual({ cpusMilli: 1000, memBytes: 64 * mb });
  });

  it('holds a task to its request of cpus where the agent is told to', () => {
    expect(limitsOf(taskInfo(), { enforceCpuRequest: true })).toMatchObject({ cpusLimitMilli: 1000 });
  });

  it('takes ceilings from the limits, infinite ones too', () => {
    const task = taskInfo({ limits: { cpus: { value: 2.5 }, mem: { value: 'Infinity' } } });
    expect(limitsOf(task, { enforceCpuRequest: true })).toEqual({
      cpusMilli: 1000,
      cpusLimitMilli: 2500,
      memBytes: 64 * mb,
      memLimitBytes: Infinity,
    });
  });

  it('adds up reserved and unreserved amounts', () => {
    const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } } as const;
    expect(limitsOf(taskInfo({ resources: [cpus, cpus, cpus] }), { enforceCpuRequest: false })).toEqual({
      cpusMilli: 300,
      memBytes: 0,
    });
  });
});
