import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ContainerStatus, Resource, Task, TaskState, TaskStatus } from '../generated/mesos.js';
import type { ClassicAgent } from './agent-json.js';
import { agentFullJson, agentJson, agentSummaryJson } from './agent-json.js';
import { agentStateJson } from './agent-state-json.js';
import type { ClassicFramework, FrameworkLists } from './framework-json.js';
import { frameworkJson, frameworkSummaryJson } from './framework-json.js';
import { arrayOf, objectOf } from './json-text.js';
import { masterStateJson } from './master-state-json.js';
import { offerJson } from './offer-json.js';
import { taskJson } from './task-json.js';
import type { ClassicVersion } from './version-json.js';
import { versionJson } from './version-json.js';

const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/classic/${name}.json`, import.meta.url), 'utf8').trimEnd();
const recordedFlags = (name: string): Record<string, string> =>
  (JSON.parse(recorded(name)) as { flags: Record<string, string> }).flags;

const MASTER = '9ad6b50a-0c04-42eb-ba4b-eee5f23b0298';
const AGENT = `${MASTER}-S0`;
const FRAMEWORK = `${MASTER}-0008`;
const AGENT_CAPABILITIES = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
  'TASK_RESOURCE_LIMITS',
];

const version: ClassicVersion = {
  version: '1.12.0',
  buildDate: '2026-11-22 11:00:00 UTC',
  buildTimeSeconds: 1795345200,
  buildUser: 'bench',
  gitSha: 'c1b42f79d157aa900be5cbb0c1023f1479962aa7',
};

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
const ports: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 32000 }] } };
const total = [scalar('cpus', 4), scalar('mem', 4096), scalar('disk', 20000), ports];
const allocated = (resources: Resource[]): Resource[] =>
  resources.map((resource) => ({ ...resource, allocation_info: { role: 'cap' } }));
const used = allocated([scalar('cpus', 0.1), scalar('mem', 64)]);
const offered = allocated([ports, scalar('cpus', 3.9), scalar('mem', 4032), scalar('disk', 20000)]);

const agent: ClassicAgent = {
  info: { hostname: '127.0.0.1', port: 5051, id: { value: AGENT } },
  pid: 'slave(1)@127.0.0.1:5051',
  registeredTimeSeconds: 1795354086.931718,
  totalResources: total,
  usedResources: used,
  offeredResources: offered,
  active: true,
  deactivated: false,
  version: '1.12.0',
  capabilities: AGENT_CAPABILITIES,
};

function task(name: string, states: [TaskState, number][], containerId: string, members: Partial<Task> = {}): Task {
  const container_status: ContainerStatus = {
    container_id: { value: containerId },
    network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }],
    executor_pid: 1095,
  };
  const statuses = states.map(
    ([state, timestamp]): TaskStatus => ({
      task_id: { value: name },
      state,
      timestamp,
      message: 'm',
      container_status,
    }),
  );
  return {
    name,
    task_id: { value: `${name}-1` },
    framework_id: { value: FRAMEWORK },
    agent_id: { value: AGENT },
    state: states.at(-1)?.[0] ?? 'TASK_STAGING',
    resources: used,
    statuses,
    ...members,
  };
}

const labels = (key: string, value: string): Task['labels'] => ({ labels: [{ key, value }] });
const web = task(
  'web',
  [
    ['TASK_STARTING', 1795354155.174871],
    ['TASK_RUNNING', 1795354155.187141],
  ],
  '6cb470ef-e495-46aa-b54e-f8dc572306e2',
  { labels: labels('a', 'b') },
);
const bad = task(
  'bad',
  [
    ['TASK_STARTING', 1795354155.266859],
    ['TASK_RUNNING', 1795354155.27067],
    ['TASK_FAILED', 1795354155.463379],
  ],
  'ccbdf4b7-9d39-4b7e-8109-c6f39bb43b21',
);
const once = task(
  'once',
  [
    ['TASK_STARTING', 1795354155.338928],
    ['TASK_RUNNING', 1795354155.347127],
    ['TASK_FINISHED', 1795354155.528554],
  ],
  'e7075ceb-d76e-4f9a-b10c-b596b6a9df7f',
);

const framework: ClassicFramework = {
  info: {
    user: 'root',
    name: 'reader',
    id: { value: FRAMEWORK },
    checkpoint: true,
    roles: ['cap'],
    capabilities: [{ type: 'MULTI_ROLE' }],
    labels: labels('team', 'x'),
  },
  usedResources: used,
  offeredResources: offered,
  active: true,
  connected: true,
  recovered: false,
  registeredTimeSeconds: 1795354154.934844,
  reregisteredTimeSeconds: 1795354154.934844,
};
const completed: ClassicFramework = {
  ...framework,
  info: {
    ...framework.info,
    id: { value: `${MASTER}-0001` },
    name: 'capture',
    failover_timeout: -1,
    labels: undefined,
  },
  usedResources: [],
  offeredResources: [],
  active: false,
  connected: false,
  registeredTimeSeconds: 1795354095.896965,
  reregisteredTimeSeconds: undefined,
  unregisteredTimeSeconds: 1795354100.89798,
};
const offer = offerJson({
  id: { value: `${MASTER}-O29` },
  framework_id: { value: FRAMEWORK },
  agent_id: { value: AGENT },
  allocation_info: { role: 'cap' },
  resources: offered,
});
const nothing: FrameworkLists = { tasks: [], unreachableTasks: [], completedTasks: [], offers: [], executors: [] };
const counts = { TASK_RUNNING: 1, TASK_FINISHED: 1, TASK_FAILED: 1 };

describe('recorded classic endpoints', () => {
  it('/version', () => {
    expect(versionJson(version)).toBe(recorded('version'));
  });

  it('/slaves', () => {
    const body = objectOf([
      ['slaves', arrayOf([agentFullJson(agent)])],
      ['recovered_slaves', '[]'],
    ]);
    expect(body).toBe(recorded('slaves'));
  });

  it('/slaves with a drained agent', () => {
    const drained = agentFullJson({
      ...agent,
      usedResources: [],
      offeredResources: [],
      active: false,
      deactivated: true,
      drainInfo: { state: 'DRAINED', config: {} },
      estimatedDrainStartTimeSeconds: 1795354176.935665,
    });
    expect(recorded('slaves-drained')).toBe(`{"slaves":[${drained}],"recovered_slaves":[]}`);
  });

  it('/state-summary', () => {
    const body = objectOf([
      ['hostname', '"127.0.0.1"'],
      ['slaves', arrayOf([agentSummaryJson(agent, counts, [FRAMEWORK])])],
      ['frameworks', arrayOf([frameworkSummaryJson(framework, counts, [AGENT])])],
    ]);
    expect(body).toBe(recorded('state-summary'));
  });

  it('/state of the master', () => {
    const state = {
      version,
      startTimeSeconds: 1795354085.264537,
      electedTimeSeconds: 1795354085.266162,
      id: MASTER,
      pid: 'master@127.0.0.1:5050',
      hostname: '127.0.0.1',
      capabilities: ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2'],
      activatedAgents: 1,
      deactivatedAgents: 0,
      unreachableAgents: 0,
      leader: { id: MASTER, pid: 'master@127.0.0.1:5050', port: 5050, hostname: '127.0.0.1' },
      visible: { logDir: '/var/log/mesos', flags: recordedFlags('master-state') },
    };
    const lists = { ...nothing, tasks: [taskJson(web)], completedTasks: [bad, once].map(taskJson), offers: [offer] };
    expect(
      masterStateJson(state, {
        agents: [agentJson(agent)],
        recoveredAgents: [],
        frameworks: [frameworkJson(framework, lists)],
        completedFrameworks: [frameworkJson(completed, nothing)],
      }),
    ).toBe(recorded('master-state'));
  });

  it('/state of the agent', () => {
    const runs = (name: string, run: string): string =>
      `/var/lib/mesos/agent/slaves/${AGENT}/frameworks/${FRAMEWORK}/executors/${name}/runs/${run}`;
    const executor = (name: string, command: string, run: string, resources: Resource[]) => ({
      info: {
        executor_id: { value: name },
        name: `Command Executor (Task: ${name}) (Command: sh -c '${command}')`,
        source: name,
      },
      containerId: run,
      directory: runs(name, run),
      resources: allocated(resources),
      tasks: [],
      queuedTasks: [],
      completedTasks: [],
    });
    const running = executor('web-1', 'sleep 600', '6cb470ef-e495-46aa-b54e-f8dc572306e2', [
      scalar('cpus', 0.2),
      scalar('mem', 96),
    ]);
    const ended = executor('bad-1', 'exit 3', 'ccbdf4b7-9d39-4b7e-8109-c6f39bb43b21', [
      scalar('cpus', 0.1),
      scalar('mem', 32),
    ]);
    expect(
      agentStateJson({
        version,
        startTimeSeconds: 1795354086.081632,
        id: AGENT,
        pid: 'slave(1)@127.0.0.1:5051',
        hostname: '127.0.0.1',
        capabilities: AGENT_CAPABILITIES,
        totalResources: total,
        allocatedResources: running.resources,
        attributes: [],
        masterHostname: 'localhost',
        visible: { logDir: '/var/log/mesos', flags: recordedFlags('agent-state') },
        frameworks: [
          {
            info: framework.info,
            executors: [{ ...running, info: { ...running.info, labels: labels('a', 'b') }, tasks: [web] }],
            completedExecutors: [{ ...ended, completedTasks: [bad] }],
          },
        ],
        completedFrameworks: [],
      }),
    ).toBe(recorded('agent-state'));
  });
});
