import { encodeJson, messageTypes } from '@tranche/mesos-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { cpus, frameworkRecord, offerRecord, status, taskRecord } from '../model/model.fakes.js';
import { getState, STATE_CALLS } from './state-calls.js';

let model: ClusterModel;
beforeEach(() => {
  model = new ClusterModel({ maxCompletedFrameworks: 10, maxCompletedTasksPerFramework: 10 });
  model.agents.agentChanged(knownAgent({ resources: [cpus(4)], capabilities: ['MULTI_ROLE'] }));
  model.applyFramework({ framework: frameworkRecord() });
  model.applyLaunch({ task: taskRecord({ resources: [cpus(1)] }) });
});

const answer = (type: keyof typeof STATE_CALLS): Record<string, unknown> => {
  const response = type === 'GET_STATE' ? { get_state: getState(model) } : (STATE_CALLS[type]?.(model) ?? {});
  return JSON.parse(encodeJson(messageTypes.MasterResponse, { type: type as 'GET_STATE', ...response })) as Record<
    string,
    unknown
  >;
};

describe('GET_AGENTS', () => {
  it('shows what agents have and what of it is used and offered, with the role in both forms', () => {
    model.applyOffer({
      kind: 'made',
      offer: offerRecord({ resources: [{ ...cpus(2), allocation_info: { role: 'r' } }] }),
    });
    const held = (value: number) => [{ ...cpus(value), role: '*', allocation_info: { role: 'r' } }];
    expect(answer('GET_AGENTS')).toMatchObject({
      get_agents: {
        agents: [
          {
            agent_info: { id: { value: 'c-S0' }, resources: [cpus(4)], checkpoint: true },
            ...{ active: true, deactivated: false },
            total_resources: [{ ...cpus(4), role: '*' }],
            allocated_resources: held(1),
            offered_resources: held(2),
            capabilities: [{ type: 'MULTI_ROLE' }],
          },
        ],
        recovered_agents: [],
      },
    });
  });

  it('lists those apart that have not registered again, and unreachable ones nowhere', () => {
    model.agents.agentChanged({ ...knownAgent(), isRecovered: true });
    model.agents.agentChanged(knownAgent({ agentId: 'c-S1', state: 'unreachable' }));
    expect(answer('GET_AGENTS')).toMatchObject({
      get_agents: { agents: [], recovered_agents: [{ id: { value: 'c-S0' } }] },
    });
  });
});

it('GET_FRAMEWORKS shows frameworks with their offers, completed ones apart', () => {
  model.applyFramework({ framework: frameworkRecord({ frameworkId: 'g' }) });
  model.applyOffer({ kind: 'made', offer: offerRecord({ frameworkId: 'g' }) });
  model.applyFramework({ framework: frameworkRecord({ state: 'removed', active: false, unregisteredAtMs: 9_000 }) });
  expect(answer('GET_FRAMEWORKS')).toMatchObject({
    get_frameworks: {
      frameworks: [
        {
          ...{ active: true, connected: true, recovered: false, offer_constraints: {} },
          framework_info: { id: { value: 'g' } },
          registered_time: { nanoseconds: 2_000_000_000 },
          reregistered_time: { nanoseconds: 2_000_000_000 },
          offers: [{ id: { value: 'o' } }],
        },
      ],
      completed_frameworks: [
        { framework_info: { id: { value: 'f' } }, active: false, unregistered_time: { nanoseconds: 9_000_000_000 } },
      ],
    },
  });
});

it('GET_TASKS shows each task in its list, with the state of its last update', () => {
  const uuid = 'qhY6jbbpTP+vDdjZydp9sA==';
  const told = { frameworkId: 'f', agentId: 'c-S0' };
  model.applyLaunch({ task: taskRecord({ taskId: 'away' }) });
  model.applyLaunch({ task: taskRecord({ taskId: 'over' }) });
  model.applyUpdate({
    ...told,
    taskId: 't',
    state: 'TASK_RUNNING',
    status: status('TASK_RUNNING', { uuid }),
    completed: false,
  });
  model.applyUpdate({
    ...told,
    taskId: 'away',
    state: 'TASK_UNREACHABLE',
    status: status('TASK_UNREACHABLE'),
    completed: false,
  });
  model.applyUpdate({
    ...told,
    taskId: 'over',
    state: 'TASK_FINISHED',
    status: status('TASK_FINISHED'),
    completed: true,
  });
  const id = (value: string) => ({ task_id: { value } });
  expect(answer('GET_TASKS')).toMatchObject({
    get_tasks: {
      tasks: [{ ...id('t'), state: 'TASK_RUNNING', status_update_state: 'TASK_RUNNING', status_update_uuid: uuid }],
      unreachable_tasks: [id('away')],
      completed_tasks: [id('over')],
    },
  });
});

it('GET_STATE holds all four, GET_EXECUTORS only those that frameworks described', () => {
  expect(answer('GET_EXECUTORS')).toEqual({ type: 'GET_EXECUTORS', get_executors: { executors: [] } });
  const info = { executor_id: { value: 'e' }, command: { value: 'x' } };
  const task = taskRecord({ taskId: 'own' });
  model.applyLaunch({ task: { ...task, info: { ...task.info, executor: info } } });
  expect(answer('GET_STATE')).toMatchObject({
    get_state: {
      get_tasks: { tasks: [{}, { executor_id: { value: 'e' } }] },
      get_executors: { executors: [{ executor_info: info, agent_id: { value: 'c-S0' } }] },
      get_frameworks: { frameworks: [{}] },
      get_agents: { agents: [{}] },
    },
  });
});
