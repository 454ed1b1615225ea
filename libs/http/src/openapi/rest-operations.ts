import { LISTS } from '../lists/lists.js';
import { IMAGE_OPERATIONS } from './image-operations.js';
import { DRY_RUN, list } from './list-operation.js';
import { flag, type Operations, text } from './operation.js';
import { DRAIN, MACHINES, NO_BODY, QUOTA, RESERVATION, VOLUME, VOLUME_SIZE, WEIGHT, WINDOW } from './rest-bodies.js';
import { FROM, PART, TASK_OPERATIONS } from './task-operations.js';

const FORCED = { ...DRY_RUN, force: flag('although roles use more, or the cluster has less') };
const VIRTUAL_PATH = { path: text('virtual path') };
const WITH_AGENTS = { agents: flag('every agent with all that stands in the way') };

/**
 * Operations below `/v1` and those that each service has, whichever service owns them. The routes of each service are held to this table
 * by a test: a route that is not here is not documented, and the test fails.
 */
export const REST_OPERATIONS: Operations = {
  'GET /healthz': { summary: 'whether the process lives' },
  'GET /readyz': { summary: 'whether the service can work, and each of its dependencies' },
  'GET /metrics': { summary: 'metrics in the text format of Prometheus' },
  'GET /openapi.json': { summary: 'this document' },
  'GET /docs': { summary: 'this document for people, in Swagger UI' },
  // What that page consists of: nobody calls it by hand.
  'GET /docs/start.js': {},
  'GET /docs/swagger-ui-bundle.js': {},
  'GET /docs/swagger-ui.css': {},
  'GET /docs/favicon-32x32.png': {},
  'GET /v1/settings': list(
    'every option of the service, its value (secrets masked) and where that came from',
    LISTS.settings,
  ),
  'GET /v1/services': list(
    'services, their partitions and replicas: whether each has what it depends on',
    LISTS.services,
  ),
  'GET /v1/services/:id': { summary: 'one of them', answer: 'ServiceView' },
  'GET /v1/services/:id/metrics': { summary: 'its metrics in the text format of Prometheus' },
  'GET /v1/services/:id/logs': list('what its process has said last, oldest first', LISTS.logs),
  'GET /v1/queues': list('queues of the services at the broker, and how many messages wait there', LISTS.queues),
  'GET /v1/whoami': { summary: 'whose credentials the request bears, and what they allow', answer: 'CallerView' },
  'GET /v1/agents': list('agents', LISTS.agents),
  'GET /v1/agents/:agentId': { summary: 'one agent', answer: 'AgentView' },
  'POST /v1/agents/:target': {
    '/v1/agents/{id}:drain': {
      summary: 'ends the tasks of an agent and offers nothing of it meanwhile',
      query: DRY_RUN,
      body: DRAIN,
      answer: 'AgentOrderView',
      status: 202,
    },
    '/v1/agents/{id}:deactivate': {
      summary: 'offers nothing more of an agent',
      query: DRY_RUN,
      body: NO_BODY,
      answer: 'AgentOrderView',
    },
    '/v1/agents/{id}:activate': { summary: 'offers it again', query: DRY_RUN, body: NO_BODY, answer: 'AgentOrderView' },
    '/v1/agents/{id}:gone': {
      summary: 'declares an agent gone for ever',
      query: DRY_RUN,
      body: NO_BODY,
      answer: 'AgentOrderView',
    },
  },
  'POST /v1/agents/:agentId/api/v1': { summary: "a call to the agent's own API, streamed both ways" },
  'GET /v1/agents/:agentId/files/browse': { summary: 'what is in a folder of an agent', query: VIRTUAL_PATH },
  'GET /v1/agents/:agentId/files/read': {
    summary: 'a part of a file of an agent',
    query: { ...VIRTUAL_PATH, ...PART },
  },
  'GET /v1/agents/:agentId/files/download': { summary: 'a file of an agent', query: VIRTUAL_PATH },
  'GET /v1/agents/:agentId/state': { summary: 'everything that the agent knows, relayed' },
  'GET /v1/agents/:agentId/containers': list('containers of the agent and what they use, relayed', LISTS.containers),
  'GET /v1/agents/:agentId/containers/:containerId': {
    summary: 'one container of the agent, relayed',
    answer: 'ContainerView',
  },
  'GET /v1/containers': list('containers that run on the agent and what they use', LISTS.containers),
  'GET /v1/containers/:id': { summary: 'one container that runs on the agent', answer: 'ContainerView' },
  ...IMAGE_OPERATIONS,
  'GET /v1/agents/:agentId/monitor/statistics': { summary: 'use of resources by executor, relayed' },
  'GET /v1/actions': list('work that takes its time: drains of agents', LISTS.actions),
  'GET /v1/actions/:id': { summary: 'how far it is, and what it waits for', answer: 'ActionView' },
  'DELETE /v1/actions/:id': {
    summary: 'takes it back, while its agent is there to be told',
    query: DRY_RUN,
    answer: 'ActionView',
  },
  'GET /v1/events': list(
    'what has happened of late, oldest first; as text/event-stream: what is there, then what happens',
    LISTS.events,
  ),
  'GET /v1/maintenance': list('machines that are taken out of service', LISTS.maintenance),
  'GET /v1/maintenance/:id': { summary: 'one window of the schedule', answer: 'MaintenanceWindowView' },
  'POST /v1/maintenance': {
    summary: 'plans that machines are taken out of service; frameworks are asked to leave them',
    query: DRY_RUN,
    body: WINDOW,
    answer: 'MaintenanceWindowView',
  },
  'DELETE /v1/maintenance/:id': {
    summary: 'takes a window out of the schedule',
    query: DRY_RUN,
    answer: 'MaintenanceWindowView',
  },
  'POST /v1/maintenance/:target': {
    '/v1/maintenance/{id}:start': {
      summary: 'takes machines of a window down, with all tasks there',
      query: DRY_RUN,
      body: MACHINES,
      answer: 'MaintenanceWindowView',
    },
    '/v1/maintenance/{id}:stop': {
      summary: 'gives machines back that are down',
      query: DRY_RUN,
      body: MACHINES,
      answer: 'MaintenanceWindowView',
    },
  },
  'GET /v1/frameworks': list('frameworks', LISTS.frameworks),
  'GET /v1/frameworks/:id': { summary: 'one framework', answer: 'FrameworkView' },
  'GET /v1/frameworks/:id/calls': list('what a framework has called and was sent of late, oldest first', LISTS.calls),
  'POST /v1/frameworks/:target': {
    '/v1/frameworks/{id}:teardown': {
      summary: 'ends a framework and its tasks',
      query: DRY_RUN,
      body: NO_BODY,
      answer: 'FrameworkView',
    },
    '/v1/frameworks/{id}:revive': {
      summary: 'offers a framework again what it has declined or suppressed',
      query: { ...DRY_RUN, role: text('only in this role, or these; all when absent') },
      body: NO_BODY,
      answer: 'FrameworkView',
    },
  },
  'GET /v1/offers': list('outstanding offers', LISTS.offers),
  'GET /v1/offers/:id': { summary: 'one outstanding offer', answer: 'OfferView' },
  'POST /v1/offers/:target': {
    '/v1/offers/{id}:rescind': { summary: 'takes an offer back', query: DRY_RUN, body: NO_BODY, answer: 'OfferView' },
  },
  ...TASK_OPERATIONS,
  'GET /v1/operations': list('operations, ended ones until their retention is over', LISTS.operations),
  'GET /v1/operations/:id': { summary: 'one operation', answer: 'OperationView' },
  'GET /v1/roles': list('roles in use or with a quota, weight or reservation', LISTS.roles),
  'GET /v1/roles/*': { summary: 'one role: what is set for it, and what it has', answer: 'RoleView' },
  'GET /v1/quotas': list('quotas', LISTS.quotas),
  'GET /v1/quotas/:role': { summary: 'the quota of a role', answer: 'QuotaView' },
  'PUT /v1/quotas/:role': {
    summary: 'sets the quota of a role',
    query: FORCED,
    body: QUOTA,
    answer: 'QuotaChangeView',
  },
  'PATCH /v1/quotas/:role': {
    summary: 'changes a part of the quota of a role; null takes an amount away',
    query: FORCED,
    body: QUOTA,
    answer: 'QuotaChangeView',
  },
  'DELETE /v1/quotas/:role': { summary: 'takes the quota of a role away', query: DRY_RUN, answer: 'QuotaChangeView' },
  'GET /v1/reservations': list('reservations', LISTS.reservations),
  'GET /v1/reservations/:id': { summary: 'one reservation', answer: 'ReservationView' },
  'POST /v1/reservations': {
    summary: 'reserves what is free on an agent; offers in its way are taken back',
    query: DRY_RUN,
    body: RESERVATION,
    answer: 'AgentOperationView',
    status: 202,
  },
  'DELETE /v1/reservations/:id': {
    summary: 'takes a dynamic reservation back, all but its volumes',
    query: DRY_RUN,
    answer: 'AgentOperationView',
    status: 202,
  },
  'GET /v1/volumes': list('persistent volumes', LISTS.volumes),
  'GET /v1/volumes/:id': { summary: 'one persistent volume', answer: 'VolumeView' },
  'POST /v1/volumes': {
    summary: 'creates a persistent volume of disk that is reserved to its role',
    query: DRY_RUN,
    body: VOLUME,
    answer: 'AgentOperationView',
    status: 202,
  },
  'PATCH /v1/volumes/:id': {
    summary: 'grows or shrinks a persistent volume',
    query: DRY_RUN,
    body: VOLUME_SIZE,
    answer: 'AgentOperationView',
    status: 202,
  },
  'DELETE /v1/volumes/:id': {
    summary: 'destroys a persistent volume and what is in it',
    query: DRY_RUN,
    answer: 'AgentOperationView',
    status: 202,
  },
  'GET /v1/weights': list('weights that were set', LISTS.weights),
  'GET /v1/weights/*': { summary: 'the weight of a role', answer: 'WeightView' },
  'PUT /v1/weights/*': { summary: 'sets the weight of a role', query: DRY_RUN, body: WEIGHT, answer: 'WeightView' },
  'DELETE /v1/weights/*': { summary: 'the weight of a role is 1 again', query: DRY_RUN, answer: 'WeightView' },
  'GET /v1/allocations': list('who holds what, by role and framework', LISTS.allocations),
  'GET /v1/shares': list('shares of roles in their order', LISTS.shares),
  'GET /v1/explain': {
    summary: 'why a shape finds no place, or where it would',
    query: {
      cpus: text('cores'),
      gpus: text('number'),
      memBytes: text('bytes'),
      diskBytes: text('bytes'),
      ports: text('number, or ranges as 8080-8090'),
      role: text('role; * when absent'),
      where: text('ATTRIBUTE=VALUE; repeated: all of them'),
      ...WITH_AGENTS,
    },
    answer: 'ExplanationView',
  },
  'GET /v1/explain/frameworks/:id': {
    summary: 'why a framework gets no offer',
    query: {
      role: text('one of its roles'),
      sinceMs: text('milliseconds: how its funnel has moved in this time, an hour at most'),
      ...WITH_AGENTS,
    },
    answer: 'ExplanationView',
  },
  'GET /v1/explain/agents/:id': { summary: 'whose the resources of an agent are', answer: 'AgentExplanationView' },
  'GET /v1/explain/roles/*': { summary: 'what a role has, and why not more', answer: 'RoleExplanationView' },
  'GET /v1/traces': list('recent traces', LISTS.traces),
  'GET /v1/traces/:traceId': { summary: 'what this service knows of a trace', answer: 'TracePartView' },
  'GET /v1/files/times': {
    summary: 'how large an output was when',
    query: VIRTUAL_PATH,
    answer: 'OutputTimesView',
  },
  'GET /v1/files/follow': {
    summary: 'a file of a sandbox, while it grows',
    query: { ...VIRTUAL_PATH, ...FROM },
  },
};
