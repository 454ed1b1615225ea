import type { FrameworkRecord, OfferRecord, TaskRecord } from '@tranche/contracts';
import type { Resource, TaskStatus } from '@tranche/mesos-api';

export const cpus = (value: number): Resource => ({ name: 'cpus', type: 'SCALAR', scalar: { value } });

export const frameworkRecord = (more: Partial<FrameworkRecord> = {}): FrameworkRecord => {
  const frameworkId = more.frameworkId ?? 'f';
  return {
    frameworkId,
    info: {
      user: 'root',
      name: 'name',
      id: { value: frameworkId },
      roles: ['r'],
      capabilities: [{ type: 'MULTI_ROLE' }],
    },
    state: 'connected',
    active: true,
    roles: ['r'],
    suppressedRoles: [],
    registeredAtMs: 2_000,
    ...more,
  };
};

export const taskRecord = (more: Partial<TaskRecord> = {}): TaskRecord => {
  const taskId = more.taskId ?? 't';
  const agentId = more.agentId ?? 'c-S0';
  const resources = more.resources ?? [cpus(1)];
  return {
    frameworkId: 'f',
    taskId,
    agentId,
    role: 'r',
    info: { name: 'task', task_id: { value: taskId }, agent_id: { value: agentId }, resources },
    resources,
    state: 'TASK_STAGING',
    statuses: [],
    user: 'root',
    launchedAtMs: 3_000,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    ...more,
  };
};

export const offerRecord = (more: Partial<OfferRecord> = {}): OfferRecord => ({
  offerId: 'o',
  frameworkId: 'f',
  agentId: 'c-S0',
  role: 'r',
  resources: [{ ...cpus(2), allocation_info: { role: 'r' } }],
  madeAtMs: 3_000,
  ...more,
});

export const status = (state: TaskStatus['state'], more: Partial<TaskStatus> = {}): TaskStatus => ({
  task_id: { value: 't' },
  state,
  timestamp: 3.5,
  ...more,
});

export const runningStatus = (): TaskStatus => status('TASK_RUNNING');
