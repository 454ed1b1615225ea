import { AGENT_STATES, FRAMEWORK_STATES } from '@tranche/contracts';
import { flag, type QueryParameters, text } from './operation.js';

const ON_AGENT = text('agent they are on');
const OF_FRAMEWORK = text('framework they are of');
const FOR_ROLE = text('role they are for');

/**
 * What each list of `/v1` can be filtered by: read by the lists themselves, and by the documents of the APIs. A repeated filter means any of
 * its values.
 */
export const LISTS = {
  agents: { state: { says: 'state of the agent', known: AGENT_STATES }, hostname: text('host name') },
  events: {
    type: text('a type or a pattern: TASK_*'),
    taskId: text('id or name of the task'),
    frameworkId: text('id or name of the framework'),
    agentId: text('id or host name of the agent'),
    since: text('a time: only what has happened since, of what is kept'),
    onlyNew: flag('as a stream: no snapshot before'),
  },
  frameworks: {
    state: { says: 'state of the framework', known: FRAMEWORK_STATES },
    name: text('name'),
    role: text('one of its roles'),
  },
  calls: {
    direction: { says: 'call: from the framework; event: to it', known: ['call', 'event'] },
    type: text('as Mesos names it: ACCEPT, OFFERS'),
  },
  offers: { frameworkId: OF_FRAMEWORK, agentId: ON_AGENT, role: FOR_ROLE },
  tasks: {
    state: text('state, as Mesos names it'),
    frameworkId: OF_FRAMEWORK,
    agentId: ON_AGENT,
    name: text('name'),
    startsWith: text('what the name or the id begins with'),
    live: { says: 'true: that have not ended; false: that have', known: ['true', 'false'] },
  },
  operations: {
    state: text('state, as Mesos names it'),
    type: text('RESERVE, CREATE and so on'),
    frameworkId: OF_FRAMEWORK,
    agentId: ON_AGENT,
    role: FOR_ROLE,
  },
  maintenance: { state: { says: 'draining: to be taken down; down', known: ['draining', 'down'] } },
  roles: {},
  quotas: {},
  weights: {},
  reservations: {
    agentId: ON_AGENT,
    role: FOR_ROLE,
    kind: { says: 'static: set by the agent; dynamic: made by an operation', known: ['static', 'dynamic'] },
  },
  volumes: { agentId: ON_AGENT, role: FOR_ROLE, persistenceId: text('their own id') },
  allocations: { frameworkId: OF_FRAMEWORK, role: FOR_ROLE, agentId: ON_AGENT },
  shares: { role: text('role') },
} as const satisfies Readonly<Record<string, QueryParameters>>;
