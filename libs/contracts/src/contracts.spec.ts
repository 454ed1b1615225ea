import type { ExecutorInfo, OperationStatus, Resource, TaskInfo, TaskStatus } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { ContractError } from './contract.errors.js';
import { parseEnvelope } from './envelope.js';
import { CONTRACTS, contractOf, queueOf } from './registry.js';

const cpus: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 1.5 } };
const info: TaskInfo = {
  name: 'web',
  task_id: { value: 'web.0' },
  agent_id: { value: 'M-S0' },
  resources: [cpus],
  command: { shell: true, value: 'sleep 60' },
};
const status: TaskStatus = {
  task_id: { value: 'web.0' },
  state: 'TASK_RUNNING',
  source: 'SOURCE_EXECUTOR',
  uuid: '2qhNAhjKTNCPEPj0zd1zAw==',
  timestamp: 1760000000.5,
};
const framework = { user: 'svc', name: 'run-web', id: { value: 'M-0000' }, roles: ['web'] };
const agent = {
  agentId: 'M-S0',
  hostname: 'n4',
  ip: '10.0.0.7',
  port: 5051,
  version: '0.1.0',
  state: 'active',
  stateSinceMs: 1760000000000,
  resources: [cpus],
  attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
  capabilities: ['MULTI_ROLE'],
  registeredAtMs: 1760000000000,
};
const frameworkRecord = {
  frameworkId: 'M-0000',
  info: framework,
  state: 'connected',
  active: true,
  roles: ['web'],
  suppressedRoles: [],
  registeredAtMs: 1760000000000,
};
const task = {
  frameworkId: 'M-0000',
  taskId: 'web.0',
  agentId: 'M-S0',
  role: 'web',
  info,
  resources: [cpus],
  state: 'TASK_RUNNING',
  statuses: [status],
  user: 'svc',
  launchedAtMs: 1760000000000,
  traceId: '0af7651916cd43dd8448eb211c80319c',
};
const held = { frameworkId: 'M-0000', role: 'web', agentId: 'M-S0', resources: [cpus] };
const offer = { ...held, offerId: 'M-O1', madeAtMs: 1760000000000, expiresAtMs: 1760000060000 };
const report = { frameworkId: 'M-0000', task: info, role: 'web', latestStatus: status, traceId: task.traceId };
const reports = { tasks: [report], frameworks: [{ frameworkId: 'M-0000', info: framework }] };
const asOf = { source: 'registry/1', numbers: { 'agent.registered.v1': 4 } };
const { traceId } = task;
const reserved: Resource = { ...cpus, reservations: [{ type: 'DYNAMIC', role: 'web', principal: 'svc' }] };
const operationUuid = 'AAECAwQFRgeICQoLDA0ODw==';
const operation = {
  operationUuid,
  operationId: 'op-1',
  agentId: 'M-S0',
  frameworkId: 'M-0000',
  role: 'web',
  info: {
    type: 'RESERVE',
    id: { value: 'op-1' },
    reserve: { resources: [{ ...reserved, allocation_info: { role: 'web' } }] },
  },
  latestStatus: { operation_id: { value: 'op-1' }, state: 'OPERATION_PENDING' },
  statuses: [],
  acceptedAtMs: 1760000000000,
  traceId,
};
const operationStatus: OperationStatus = {
  operation_id: { value: 'op-1' },
  state: 'OPERATION_FINISHED',
  converted_resources: [reserved],
  uuid: { value: '2qhNAhjKTNCPEPj0zd1zAw==' },
  agent_id: { value: 'M-S0' },
};
const groupExecutor: ExecutorInfo = {
  type: 'DEFAULT',
  executor_id: { value: 'e1' },
  framework_id: { value: 'M-0000' },
  resources: [cpus],
};

const executor = { agentId: 'M-S0', frameworkId: 'M-0000', executorId: 'e1' };
const unavailability = {
  start: { nanoseconds: '1760000000000000000' },
  duration: { nanoseconds: 3600000000000 },
};
const inverseOffer = {
  inverseOfferId: 'M-O2',
  frameworkId: 'M-0000',
  agentId: 'M-S0',
  unavailability,
  madeAtMs: 1760000000000,
};

/** One item of each fact and command, request and response of each query. */
const SAMPLES: Record<string, unknown> = {
  'agent.registered.v1': { agent, reregistered: true, ...reports },
  'agent.state-changed.v1': { agentId: 'M-S0', state: 'unreachable', reason: 'health check timed out', atMs: 1 },
  'framework.updated.v1': { framework: frameworkRecord },
  'task.launched.v1': { task },
  'task.updated.v1': {
    frameworkId: 'M-0000',
    taskId: 'web.0',
    agentId: 'M-S0',
    state: 'TASK_RUNNING',
    status,
    completed: false,
  },
  'operation.updated.v1': { operation, removed: false },
  'agent.resources-changed.v1': { agentId: 'M-S0', resources: [reserved] },
  'offers.changed.v1': { kind: 'made', offer },
  'role.config-changed.v1': { role: { name: 'web', weight: 2, limitsMilli: { cpus: 8000 } } },
  'agent.unavailability-changed.v1': { agentId: 'M-S0', unavailability },
  'inverse-offers.changed.v1': { kind: 'made', inverseOffer },
  'make-inverse-offers.v1': { frameworkId: 'M-0000', agentId: 'M-S0' },
  'pass-mark.v1': { mark: 'm1' },
  'state-mark.v1': { mark: 'm1' },
  'mark.stated.v1': { mark: 'm1', partition: 0 },
  'rescind-offers.v1': { frameworkId: 'M-0000', offerId: 'M-O7' },
  'answer-inverse-offers.v1': { frameworkId: 'M-0000', agentId: 'M-S0', answer: 'declined', refuseSeconds: 60 },
  'shutdown-executor.v1': executor,
  'deliver-message.v1': { ...executor, data: 'cGluZw==' },
  'forward-message.v1': { ...executor, data: 'cG9uZw==' },
  'report-executor-end.v1': { ...executor, status: 256 },
  'agent.heartbeat.v1': { agentId: 'M-S0' },
  'unregister-agent.v1': { agentId: 'M-S0', reason: 'stopped' },
  'recover-resources.v1': { ...held, refuseSeconds: 5 },
  'update-allocation.v1': {
    agentId: 'M-S0',
    frameworkId: 'M-0000',
    role: 'web',
    consumed: [cpus],
    converted: [reserved],
  },
  'revive-offers.v1': { frameworkId: 'M-0000', roles: ['web'] },
  'agent.usage.v1': { agentId: 'M-S0', held: [held], seenEpoch: 'e1', seenRun: 7 },
  'make-offers.v1': { ...held, epoch: 'e1', run: 7 },
  'report-task-status.v1': { agentId: 'M-S0', frameworkId: 'M-0000', taskId: 'web.0', status, traceId },
  'note-task-status.v1': { agentId: 'M-S0', frameworkId: 'M-0000', taskId: 'web.0', status },
  'note-task-detail.v1': {
    agentId: 'M-S0',
    frameworkId: 'M-0000',
    taskId: 'web.0',
    containerId: '3fd5b7c1-1111-4222-8333-444455556666',
    progress: { step: 'fetching', percent: 61 },
    sandboxUntilMs: 1760604800000,
  },
  'report-operation-status.v1': {
    agentId: 'M-S0',
    frameworkId: 'M-0000',
    operationUuid,
    operationId: 'op-1',
    status: operationStatus,
  },
  'launch-task-groups.v1': {
    agentId: 'M-S0',
    frameworkId: 'M-0000',
    framework,
    executor: groupExecutor,
    taskGroup: { tasks: [{ ...info, executor: groupExecutor }] },
    role: 'web',
    traceId,
  },
  'apply-operations.v1': {
    agentId: 'M-S0',
    frameworkId: 'M-0000',
    operationUuid,
    operationId: 'op-1',
    info: operation.info,
    traceId,
  },
  'launch-tasks.v1': { agentId: 'M-S0', frameworkId: 'M-0000', framework, task: info, role: 'web', traceId },
  'kill-task.v1': { frameworkId: 'M-0000', taskId: 'web.0', killPolicy: { grace_period: { nanoseconds: 5000000000 } } },
  'acknowledge-status.v1': { frameworkId: 'M-0000', taskId: 'web.0', uuid: '2qhNAhjKTNCPEPj0zd1zAw==' },
  'acknowledge-operation-status.v1': {
    agentId: 'M-S0',
    operationUuid,
    statusUuid: '2qhNAhjKTNCPEPj0zd1zAw==',
  },
  'update-framework.v1': { frameworkId: 'M-0000', framework },
  'shutdown-framework.v1': { frameworkId: 'M-0000' },
  'drain-agent.v1': { agentId: 'M-S0', maxGraceMs: 5000, markGone: false },
  'agent-drained.v1': { agentId: 'M-S0' },
  'shutdown-agent.v1': { agentId: 'M-S0', reason: 'declared gone by an operator' },
  'reregister-agent.v1': { agentId: 'M-S0', reason: 'unknown agent' },
  'register-agent.v1': {
    request: {
      agentId: 'M-S0',
      hostname: 'n4',
      ip: '10.0.0.7',
      port: 5051,
      version: '0.1.0',
      resources: [cpus],
      attributes: [],
      capabilities: ['MULTI_ROLE'],
      ...reports,
    },
    response: { ok: true, agentId: 'M-S0', heartbeatIntervalMs: 5000 },
  },
  'registry-snapshot.v1': { request: {}, response: { asOf, agents: [agent] } },
  'offers-snapshot.v1': {
    request: { withTasks: true },
    response: {
      asOf,
      frameworks: [frameworkRecord],
      tasks: [{ task, completed: false }],
      offers: [offer],
      held: [held],
    },
  },
  'place.taken.v1': { queue: 'offers', source: 'offers/1f6c' },
  'replica.seen.v1': { service: 'offers', replicaId: 'offers-1f6c', partitions: 4, owned: [0, 2] },
  'relay-chunks.v1': { exchangeId: 'e1', data: 'aGVsbG8=', end: 'complete' },
  'end-relay.v1': { exchangeId: 'e1' },
  'pace-relay.v1': { exchangeId: 'e1', isPaused: true },
  'relay-request.v1': {
    request: {
      exchangeId: 'e1',
      replyQueue: 'replica.7d0e',
      method: 'GET',
      url: '/frameworks?framework_id=f1',
      headers: { accept: 'application/json' },
      body: '',
    },
    response: {
      source: 'offers/1f6c',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: 'e30=',
      isContinued: false,
    },
  },
  'open-relay.v1': {
    request: {
      exchangeId: 'e1',
      replyQueue: 'replica.7d0e',
      method: 'POST',
      url: '/api/v1',
      headers: { 'content-type': 'application/recordio' },
      bodyBytes: 3000000,
    },
    response: { source: 'registry/1f6c' },
  },
  'relay-body.v1': {
    request: { exchangeId: 'e1', data: 'aGVsbG8=', isLast: false },
    response: { state: 'taken' },
  },
  'read-trace.v1': {
    request: { traceId: '0af76519' },
    response: {
      service: 'offers',
      traceId,
      spans: [
        {
          traceId,
          spanId: 'b7ad6b7169203331',
          name: 'POST /api/v1/scheduler',
          kind: 'server',
          startMs: 1760000000000.125,
          endMs: 1760000000004.25,
          attributes: { 'tranche.call': 'ACCEPT', 'tranche.tasks': 1 },
          links: [],
        },
      ],
      logs: [
        { spanId: 'b7ad6b7169203331', timeMs: 1760000000001, level: 'info', message: 'm', fields: { taskId: 't' } },
      ],
      dropped: 0,
      completeSinceMs: 1760000000000,
    },
  },
  'list-traces.v1': {
    request: { slowMs: 1000, error: true, limit: 20 },
    response: {
      service: 'offers',
      traces: [
        {
          traceId,
          startMs: 1760000000000.125,
          endMs: 1760000007000,
          longestMs: 6780.5,
          spans: 12,
          error: 'exit 1',
          name: 'POST /api/v1/scheduler',
          attributes: { 'tranche.task.id': 'web.0' },
        },
      ],
    },
  },
  'describe-service.v1': {
    request: {},
    response: {
      service: 'offers',
      replica: 'offers-1f6c',
      host: 'pod-a',
      version: '0.1.0',
      startedAtMs: 1760000000000,
      role: 'active',
      partitions: [1],
      ready: false,
      dependencies: { broker: true, database: 'connection refused', registry: 'usable: silent' },
    },
  },
  'read-settings.v1': {
    request: {},
    response: {
      settings: [
        {
          name: 'HTTP_PORT',
          value: 5050,
          origin: 'environment',
          default: 0,
          type: 'integer',
          unit: 'ms',
          description: 'Where it listens',
        },
      ],
    },
  },
  'read-metrics.v1': { request: {}, response: { text: 'tranche_ready{dependency="database"} 1\n' } },
  'read-log.v1': {
    request: {},
    response: {
      lines: [{ number: 7, timeMs: 1760000000000, level: 'warn', message: 'm', traceId, fields: '{"agentId":"M-S0"}' }],
    },
  },
  'operator-call.v1': {
    request: { call: { type: 'GET_QUOTA' } },
    response: { outcome: 'answered', response: { type: 'GET_QUOTA', get_quota: { status: {} } } },
  },
  'offers-metrics.v1': { request: {}, response: { metrics: { 'master/messages_kill_task': 3 } } },
  'allocator-metrics.v1': { request: {}, response: { metrics: { 'allocator/mesos/allocation_runs': 7 } } },
  'quota-metrics.v1': {
    request: {},
    response: { metrics: { 'allocator/mesos/quota/roles/web/resources/cpus/consumed': 1.5 } },
  },
  'teardown-framework.v1': { request: { frameworkId: 'M-0000' }, response: { isKnown: true } },
  'operate-agent.v1': {
    request: { agentId: 'M-S0', info: { type: 'RESERVE', reserve: { resources: [reserved] } }, principal: 'svc' },
    response: { outcome: 'accepted', operationUuid },
  },
  'yield-resources.v1': {
    request: { agentId: 'M-S0', wanted: [cpus], volumes: [] },
    response: { rescinded: 1, isInUse: false },
  },
  'convert-free.v1': {
    request: { agentId: 'M-S0', partition: 0, consumed: [cpus], converted: [reserved] },
    response: { outcome: 'lacking', free: [cpus] },
  },
  'quota-snapshot.v1': { request: {}, response: { asOf, roles: [{ name: 'web', guaranteesMilli: { cpus: 2500 } }] } },
};

describe.each(CONTRACTS.map((contract) => [contract.pattern, contract] as const))('%s', (pattern, contract) => {
  it('reads its fixture and writes it byte for byte', async () => {
    const sample = SAMPLES[pattern];
    const text = `${JSON.stringify(sample, null, 2)}\n`;
    const read: unknown = JSON.parse(text);
    if (contract.kind === 'query') {
      const { request, response } = read as { request: unknown; response: unknown };
      expect(contract.parse(request)).toEqual(request);
      expect(contract.parseResponse(response)).toEqual(response);
    } else {
      expect(contract.parse([read])).toEqual([sample]);
    }
    await expect(text).toMatchFileSnapshot(`../fixtures/${pattern}.json`);
  });

  it('refuses what does not fit, naming the message', () => {
    const wrong = contract.kind === 'query' ? 7 : [7];
    expect(() => contract.parse(wrong)).toThrow(ContractError);
    expect(() => contract.parse(wrong)).toThrow(`message ${pattern} is invalid at `);
  });

  it('is found by its pattern', () => {
    expect(contractOf(pattern)).toBe(contract);
  });
});

describe('the registry of messages', () => {
  it('names the queues of services and agents', () => {
    expect([queueOf('offers'), queueOf('agent', 'M-S0')]).toEqual(['offers', 'agent.M-S0']);
  });

  it('has no two messages of one pattern', () => {
    expect(new Set(CONTRACTS.map((contract) => contract.pattern)).size).toBe(CONTRACTS.length);
  });
});

describe('parseEnvelope', () => {
  const envelope = {
    id: 'i',
    pattern: 'p.v1',
    source: 's/1',
    sequence: 1,
    time: '2026-01-01T00:00:00.000Z',
    items: [],
  };

  it('takes what every message has', () => {
    expect(parseEnvelope(envelope)).toEqual(envelope);
  });

  it('refuses an envelope without items, with the path', () => {
    expect(() => parseEnvelope({ ...envelope, sequence: 'x' })).toThrow('message envelope is invalid at /sequence');
  });
});
