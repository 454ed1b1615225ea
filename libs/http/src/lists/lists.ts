import { ACTION_STATES, AGENT_STATES, FRAMEWORK_STATES } from '@tranche/contracts';
import { flag, number, role, selector, text } from '../openapi/operation.js';
import { listOf, storedListOf } from './list-kind.js';

const ON_AGENT = text('agent they are on');
const OF_FRAMEWORK = text('framework they are of');
const FOR_ROLE = role('role they are for');
const EXACT_ROLE = text('role they are for');

/** The lists of `/v1`: what their items are, what they can be filtered and sorted by. */
export const LISTS = {
  agents: listOf(
    'AgentView',
    {
      state: { says: 'state of the agent', known: AGENT_STATES },
      hostname: text('host name'),
      id: text('their own id'),
      version: text('version of the agent'),
      region: text('region that it is in'),
      zone: text('zone that it is in'),
      attribute: selector('attributes of the agent'),
    },
    'registeredAt',
  ),
  actions: listOf(
    'ActionView',
    {
      state: { says: 'state of the action', known: ACTION_STATES },
      kind: { says: 'drain: an agent is emptied', known: ['drain'] },
      agentId: text('agent that it is about'),
    },
    'startedAt',
  ),
  events: listOf(
    'EventView',
    {
      type: text('a type or a pattern: TASK_*'),
      taskId: text('id or name of the task'),
      frameworkId: text('id or name of the framework'),
      agentId: text('id or host name of the agent'),
      since: text('a time: only what has happened since, of what is kept'),
      onlyNew: flag('as a stream: no snapshot before'),
    },
    'number',
  ),
  frameworks: storedListOf(
    'FrameworkView',
    {
      state: { says: 'state of the framework', known: FRAMEWORK_STATES },
      name: text('name'),
      role: text('one of its roles'),
    },
    '-registeredAt',
    ['registeredAt', 'unregisteredAt', 'name'],
  ),
  calls: listOf('CallView', {
    direction: { says: 'call: from the framework; event: to it', known: ['call', 'event'] },
    type: text('as Mesos names it: ACCEPT, OFFERS'),
  }),
  offers: listOf('OfferView', { frameworkId: OF_FRAMEWORK, agentId: ON_AGENT, role: FOR_ROLE }, 'madeAt'),
  tasks: storedListOf(
    'TaskView',
    {
      state: text('state, as Mesos names it'),
      frameworkId: OF_FRAMEWORK,
      agentId: ON_AGENT,
      name: text('name'),
      id: text('their own id'),
      role: role('role whose resources they have'),
      user: text('user that they run as'),
      healthy: { says: 'what its health check says; neither where there is none', known: ['true', 'false'] },
      cause: text('why they are not simply running, as it is shown: exit 1'),
      label: selector('labels of the task'),
      startsWith: text('what the name or the id begins with'),
      live: { says: 'true: that have not ended; false: that have', known: ['true', 'false'] },
    },
    '-launchedAt',
    ['launchedAt', 'endedAt', 'id', 'name', 'frameworkId', 'agentId'],
  ),
  operations: storedListOf(
    'OperationView',
    {
      state: text('state, as Mesos names it'),
      type: text('RESERVE, CREATE and so on'),
      frameworkId: OF_FRAMEWORK,
      agentId: ON_AGENT,
      role: EXACT_ROLE,
    },
    'acceptedAt',
    ['acceptedAt', 'endedAt', 'agentId'],
  ),
  maintenance: listOf('MaintenanceView', {
    state: { says: 'draining: to be taken down; down', known: ['draining', 'down'] },
    id: text('id of the window'),
    hostname: text('host name of the machine'),
    ip: text('address of the machine'),
  }),
  roles: listOf(
    'RoleView',
    { name: role('name of the role'), frameworkId: text('framework that is subscribed to it') },
    'name',
  ),
  quotas: listOf('QuotaView', { role: role('role that has it') }, 'role'),
  weights: listOf('WeightView', { role: role('role that has it') }, 'role'),
  reservations: listOf('ReservationView', {
    agentId: ON_AGENT,
    role: FOR_ROLE,
    principal: text('who has reserved them'),
    label: selector('labels of the reservation'),
    kind: { says: 'static: set by the agent; dynamic: made by an operation', known: ['static', 'dynamic'] },
  }),
  volumes: listOf('VolumeView', {
    agentId: ON_AGENT,
    role: FOR_ROLE,
    persistenceId: text('their own id'),
    reservationId: text('reservation that they are part of'),
  }),
  allocations: listOf('AllocationView', { frameworkId: OF_FRAMEWORK, role: FOR_ROLE, agentId: ON_AGENT }),
  containers: {
    ...listOf(
      'ContainerView',
      {
        frameworkId: OF_FRAMEWORK,
        executorId: text('executor they are of'),
        taskId: text('task whose own they are'),
        id: text('their own id'),
        parentId: text('container they are within'),
      },
      'id',
    ),
    // What they use is measured anew for each page: a list sorted by it would change under its cursor.
    sorts: ['id', 'parentId', 'frameworkId', 'executorId', 'taskId', 'name', 'pid'],
  },
  images: listOf('ImageView', { agentId: ON_AGENT, name: text('name') }, 'name'),
  shares: listOf('ShareView', { role: role('role') }),
  traces: listOf(
    'TraceItemView',
    {
      slow: number('only with a part that took so many ms'),
      error: flag('only those in which something failed'),
      service: text('only with a part of this service'),
    },
    '-endMs',
  ),
  settings: listOf('SettingView', {
    service: text('id of a part of the cluster; this service when absent'),
    name: text('name of the option'),
    origin: { says: 'who has set it', known: ['environment', 'file', 'default', 'program'] },
  }),
  services: listOf(
    'ServiceView',
    {
      service: text('name of the service; agent: agents, the first hundred of them, which are not shown else'),
      id: text('its own id'),
      role: { says: 'active: it works; standby: it waits for its turn', known: ['active', 'standby'] },
      ready: { says: 'whether it has what it cannot work without', known: ['true', 'false'] },
    },
    'id',
  ),
  logs: listOf(
    'LogLineView',
    {
      level: { says: 'level of the line', known: ['debug', 'info', 'warn', 'error'] },
      traceId: text('trace in which it was said'),
    },
    'number',
  ),
  queues: listOf('QueueView', { name: text('name') }, 'name'),
} as const;
