import { describe, expect, it } from 'vitest';
import type { ExecutorInfo, FrameworkInfo, Resource, Task } from '../generated/mesos.js';
import { recoveredAgentJson } from './agent-json.js';
import { executorJson } from './executor-json.js';
import { agentExecutorJson } from './agent-state-json.js';
import { frameworkJson } from './framework-json.js';
import { jsonpBody } from './json-text.js';
import { masterStateJson } from './master-state-json.js';
import {
  attributesJson,
  fullResourcesJson,
  rangesText,
  reservedResourcesFullJson,
  reservedResourcesJson,
  resourcesJson,
  unreservedResourcesJson,
} from './resources-json.js';
import { taskJson } from './task-json.js';

const scalar = (name: string, value: number, members: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...members,
});
const reserved: Partial<Resource> = { reservations: [{ type: 'DYNAMIC', role: 'web', principal: 'p' }] };

describe('resources summary', () => {
  it('always has the four well-known scalars', () => {
    expect(resourcesJson([])).toBe('{"disk":0.0,"mem":0.0,"gpus":0.0,"cpus":0.0}');
  });

  it('adds in thousandths', () => {
    expect(resourcesJson([scalar('cpus', 0.1), scalar('cpus', 0.2), scalar('bugs', 1)])).toBe(
      '{"disk":0.0,"mem":0.0,"gpus":0.0,"cpus":0.3,"bugs":1.0}',
    );
  });

  it('names revocable amounts apart', () => {
    expect(resourcesJson([scalar('cpus', 1), scalar('cpus', 2, { revocable: {} })])).toBe(
      '{"disk":0.0,"mem":0.0,"gpus":0.0,"cpus":1.0,"cpus_revocable":2.0}',
    );
  });

  it('prints ranges and sets as text', () => {
    const ports: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 5, end: 9 }] } };
    const zones: Resource = { name: 'zones', type: 'SET', set: { item: ['b', 'a'] } };
    const more = { ...ports, ranges: { range: [{ begin: 1, end: 2 }] } };
    expect(JSON.parse(resourcesJson([ports, more, zones, zones]))).toMatchObject({
      ports: '[1-2, 5-9]',
      zones: '{b, a}',
    });
  });

  it('joins adjacent and overlapping ranges of any size', () => {
    const ranges = [
      { begin: 5, end: 6 },
      { begin: '18446744073709551614', end: '18446744073709551615' },
      { begin: 1, end: 4 },
      { begin: 2, end: 3 },
    ];
    expect(rangesText(ranges)).toBe('[1-6, 18446744073709551614-18446744073709551615]');
    expect(rangesText([])).toBe('[]');
  });

  it('splits into reserved by role and unreserved, whatever the representation', () => {
    const resources = [scalar('disk', 1), scalar('disk', 2, reserved), scalar('disk', 4, { role: 'web' })];
    expect(reservedResourcesJson(resources)).toBe('{"web":{"disk":6.0,"mem":0.0,"gpus":0.0,"cpus":0.0}}');
    expect(unreservedResourcesJson(resources)).toBe('{"disk":1.0,"mem":0.0,"gpus":0.0,"cpus":0.0}');
  });
});

describe('resources in full', () => {
  it('have the fields of both ages', () => {
    expect(fullResourcesJson([scalar('disk', 1, reserved)])).toBe(
      '[{"name":"disk","type":"SCALAR","scalar":{"value":1.0},"role":"web","reservation":{"principal":"p"},' +
        '"reservations":[{"type":"DYNAMIC","role":"web","principal":"p"}]}]',
    );
    expect(reservedResourcesFullJson([scalar('disk', 1, { reservations: [{ type: 'STATIC', role: 'r' }] })])).toBe(
      '{"r":[{"name":"disk","type":"SCALAR","scalar":{"value":1.0},"role":"r","reservations":[{"type":"STATIC","role":"r"}]}]}',
    );
  });
});

describe('attributes', () => {
  it('are numbers and texts by name, and may repeat', () => {
    expect(
      attributesJson([
        { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
        { name: 'gen', type: 'SCALAR', scalar: { value: 2 } },
        { name: 'rack', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } },
      ]),
    ).toBe('{"rack":"r1","gen":2.0,"rack":"[1-2]"}');
  });
});

describe('tasks', () => {
  const task: Task = {
    name: 'n',
    task_id: { value: 't' },
    framework_id: { value: 'f' },
    agent_id: { value: 'a' },
    executor_id: { value: 'e' },
    state: 'TASK_RUNNING',
  };

  it('print every optional part in its place', () => {
    const text = taskJson({
      ...task,
      limits: { cpus: { value: 2 }, mem: { value: 'Infinity' } },
      user: 'u',
      labels: { labels: [{ key: 'k' }] },
      discovery: { visibility: 'CLUSTER', name: 'd' },
      container: { type: 'MESOS' },
      health_check: { type: 'TCP', tcp: { port: 80 } },
      statuses: [
        {
          task_id: { value: 't' },
          state: 'TASK_RUNNING',
          timestamp: 1.5,
          healthy: true,
          labels: { labels: [{ key: 'k', value: 'v' }] },
          container_status: {
            network_infos: [{ name: 'net', groups: ['g'], port_mappings: [{ host_port: 1, container_port: 2 }] }],
          },
        },
      ],
    });
    expect(text).toBe(
      '{"id":"t","name":"n","framework_id":"f","executor_id":"e","slave_id":"a","state":"TASK_RUNNING",' +
        '"resources":{"disk":0.0,"mem":0.0,"gpus":0.0,"cpus":0.0},"limits":{"cpus":2.0,"mem":Infinity},"role":"*",' +
        '"statuses":[{"state":"TASK_RUNNING","timestamp":1.5,"labels":[{"key":"k","value":"v"}],"container_status":' +
        '{"network_infos":[{"groups":["g"],"name":"net","port_mappings":[{"host_port":1,"container_port":2}]}]},"healthy":true}],' +
        '"user":"u","labels":[{"key":"k"}],"discovery":{"visibility":"CLUSTER","name":"d"},"container":{"type":"MESOS"},' +
        '"health_check":{"delay_seconds":15.0,"interval_seconds":10.0,"timeout_seconds":20.0,"consecutive_failures":3,' +
        '"grace_period_seconds":10.0,"type":"TCP","tcp":{"protocol":"IPv4","port":80}}}',
    );
  });
});

describe('executors', () => {
  it('of the master print their command with argv and URIs', () => {
    const info: ExecutorInfo = {
      executor_id: { value: 'e' },
      framework_id: { value: 'f' },
      type: 'CUSTOM',
      command: { value: 'run', arguments: ['run', '-v'], uris: [{ value: 'http://x/y', executable: true }] },
      resources: [scalar('cpus', 1, { allocation_info: { role: 'web' } })],
    };
    expect(executorJson({ info, agentId: 'a' })).toBe(
      '{"executor_id":"e","name":"","framework_id":"f","command":{"value":"run","argv":["run","-v"],' +
        '"uris":[{"value":"http://x/y","executable":true}]},"resources":{"disk":0.0,"mem":0.0,"gpus":0.0,"cpus":1.0},' +
        '"role":"web","type":"CUSTOM","slave_id":"a"}',
    );
  });

  it('of the agent print the tasks that wait for them', () => {
    const queued = {
      name: 'q',
      task_id: { value: 'q1' },
      agent_id: { value: 'a' },
      executor: { executor_id: { value: 'e' } },
      resources: [scalar('mem', 32, { allocation_info: { role: 'web' } })],
    };
    const text = agentExecutorJson({
      info: { executor_id: { value: 'e' }, type: 'DEFAULT' },
      containerId: 'c',
      directory: '/d',
      resources: [],
      tasks: [],
      queuedTasks: [queued],
      completedTasks: [],
    });
    expect(text).toContain(
      '"queued_tasks":[{"id":"q1","name":"q","slave_id":"a","resources":{"disk":0.0,"mem":32.0,"gpus":0.0,"cpus":0.0},' +
        '"role":"web","executor_id":"e"}],"completed_tasks":[]}',
    );
  });
});

describe('frameworks', () => {
  const nothing = { tasks: [], unreachableTasks: [], completedTasks: [], offers: [], executors: [] };
  const framework = (info: Partial<FrameworkInfo>, members: object = {}): unknown =>
    JSON.parse(
      frameworkJson(
        {
          info: { user: 'u', name: 'n', ...info },
          usedResources: [],
          offeredResources: [],
          active: true,
          connected: true,
          recovered: false,
          registeredTimeSeconds: 1,
          ...members,
        },
        nothing,
      ),
    );

  it('without MULTI_ROLE have one role', () => {
    expect(framework({})).toMatchObject({ role: '*' });
    expect(framework({ role: 'web', principal: 'p' })).toMatchObject({ role: 'web', principal: 'p' });
  });

  it('say when they subscribed again only if they did', () => {
    expect(framework({}, { reregisteredTimeSeconds: 1 })).not.toHaveProperty('reregistered_time');
    expect(framework({}, { reregisteredTimeSeconds: 2 })).toHaveProperty('reregistered_time', 2);
  });

  it('print their offer constraints', () => {
    const offerConstraints = { role_constraints: { web: { groups: [] } } };
    expect(framework({}, { offerConstraints })).toHaveProperty('offer_constraints', { role_constraints: { web: {} } });
  });
});

describe('the head of the master state', () => {
  it('leaves out the flags for a caller who may not view them, and a leader that is not known', () => {
    const version = { version: '1', buildDate: 'd', buildTimeSeconds: 1, buildUser: 'u' };
    const state = {
      version,
      startTimeSeconds: 1,
      id: 'm',
      pid: 'p',
      hostname: 'h',
      capabilities: [],
      activatedAgents: 0,
      deactivatedAgents: 0,
      unreachableAgents: 0,
      domain: { fault_domain: { region: { name: 'r' }, zone: { name: 'z' } } },
    };
    expect(masterStateJson(state, { agents: [], recoveredAgents: [], frameworks: [], completedFrameworks: [] })).toBe(
      '{"version":"1","build_date":"d","build_time":1.0,"build_user":"u","start_time":1.0,"id":"m","pid":"p","hostname":"h",' +
        '"capabilities":[],"activated_slaves":0.0,"deactivated_slaves":0.0,"unreachable_slaves":0.0,' +
        '"domain":{"fault_domain":{"region":{"name":"r"},"zone":{"name":"z"}}},"slaves":[],"recovered_slaves":[],' +
        '"frameworks":[],"completed_frameworks":[],"orphan_tasks":[],"unregistered_frameworks":[]}',
    );
  });
});

describe('recovered agents', () => {
  it('print what the registry knows of them', () => {
    expect(recoveredAgentJson({ hostname: 'h', id: { value: 'a' } })).toBe(
      '{"id":"a","hostname":"h","port":5051,"attributes":{}}',
    );
  });
});

describe('JSONP', () => {
  it('wraps JSON into a call', () => {
    expect(jsonpBody('angular.callbacks._0', '{}')).toBe('angular.callbacks._0({})');
  });

  it('takes nothing but the name of a function', () => {
    expect(jsonpBody('alert(1);//', '{}')).toBeUndefined();
  });
});
