/** Calls that a well-behaved scheduler could send, of every type and with every operation: what is mutated. */

const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value } });
const uuid = (random) => {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => random.below(256)));
  bytes[6] = 0x40 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('base64');
};
const RESERVED = { ...scalar('disk', 10), reservations: [{ type: 'DYNAMIC', role: 'web', principal: 'p' }] };
const VOLUME = { ...RESERVED, disk: { persistence: { id: 'v' }, volume: { container_path: 'd', mode: 'RW' } } };

const frameworkInfo = (random, id) => ({
  user: 'u',
  name: 'fuzz',
  ...(id === undefined ? {} : { id: { value: id } }),
  roles: ['web', 'batch'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }],
  failover_timeout: random.pick([0, 0.1, 10]),
  checkpoint: true,
  labels: { labels: [{ key: 'k', value: 'v' }] },
  offer_filters: { web: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: 1 } } }] } } },
});

const constraints = () => ({
  role_constraints: {
    web: {
      groups: [
        {
          attribute_constraints: [
            { selector: { attribute_name: 'rack' }, predicate: { text_matches: { regex: 'r[0-9]+' } } },
          ],
        },
      ],
    },
  },
});

function task(random, agentId) {
  const id = `t${random.below(50)}`;
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: agentId },
    resources: [
      scalar('cpus', 0.5),
      scalar('mem', 32),
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31001 }] } },
    ],
    ...(random.chance(0.8)
      ? { command: { value: 'true', environment: { variables: [{ name: 'A', type: 'VALUE', value: 'b' }] } } }
      : { executor: { executor_id: { value: 'e' }, command: { value: 'x' }, resources: [scalar('cpus', 0.1)] } }),
    check: { type: 'COMMAND', command: { command: { value: 'true' } } },
    health_check: { type: 'HTTP', http: { port: 80, path: '/', statuses: [200] }, delay_seconds: 1 },
    kill_policy: { grace_period: { nanoseconds: 5_000_000_000 } },
    container: {
      type: 'MESOS',
      volumes: [
        {
          container_path: 'p',
          mode: 'RW',
          source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'SELF', path: 'q' } },
        },
      ],
    },
    limits: { cpus: { value: 1 }, mem: { value: 'Infinity' } },
    labels: { labels: [{ key: 'k' }] },
    data: 'aGVsbG8=',
  };
}

const operations = {
  LAUNCH: (random, agentId) => ({
    launch: { task_infos: Array.from({ length: random.below(3) }, () => task(random, agentId)) },
  }),
  LAUNCH_GROUP: (random, agentId) => ({
    launch_group: {
      executor: { type: 'DEFAULT', executor_id: { value: 'g' } },
      task_group: { tasks: [task(random, agentId)] },
    },
  }),
  RESERVE: () => ({ id: { value: 'op' }, reserve: { resources: [structuredClone(RESERVED)] } }),
  UNRESERVE: () => ({ unreserve: { resources: [structuredClone(RESERVED)] } }),
  CREATE: () => ({ create: { volumes: [structuredClone(VOLUME)] } }),
  DESTROY: () => ({ destroy: { volumes: [structuredClone(VOLUME)] } }),
  GROW_VOLUME: () => ({ grow_volume: { volume: structuredClone(VOLUME), addition: structuredClone(RESERVED) } }),
  SHRINK_VOLUME: () => ({ shrink_volume: { volume: structuredClone(VOLUME), subtract: { value: 1 } } }),
  CREATE_DISK: () => ({ create_disk: { source: structuredClone(RESERVED), target_type: 'MOUNT' } }),
  DESTROY_DISK: () => ({ destroy_disk: { source: structuredClone(RESERVED) } }),
};

function operation(random, agentId) {
  const type = random.chance(0.8) ? 'LAUNCH' : random.pick(Object.keys(operations));
  return { type, ...operations[type](random, agentId) };
}

const offers = (random, framework) =>
  Array.from({ length: 1 + random.below(2) }, () => ({ value: random.pick(framework.offers) ?? 'C-O0' }));

const inverseOffers = (random, framework) => ({
  inverse_offer_ids: [{ value: random.pick(framework.inverseOffers) ?? 'C-O1' }],
  filters: { refuse_seconds: random.pick([0, 5, -1]) },
});

const calls = {
  SUBSCRIBE: (random, known, framework) => {
    const id = random.chance(0.3) ? framework.id : undefined;
    const subscribe = {
      framework_info: frameworkInfo(random, id),
      suppressed_roles: ['batch'],
      offer_constraints: constraints(),
    };
    return { ...(id === undefined ? { framework_id: undefined } : {}), subscribe };
  },
  ACCEPT: (random, known, framework) => ({
    accept: {
      offer_ids: offers(random, framework),
      operations: Array.from({ length: random.below(3) }, () => operation(random, random.pick(known.agents))),
      filters: { refuse_seconds: random.pick([0, 5, 1e9, -1]) },
    },
  }),
  DECLINE: (random, known, framework) => ({
    decline: { offer_ids: offers(random, framework), filters: { refuse_seconds: 5 } },
  }),
  ACCEPT_INVERSE_OFFERS: (random, known, framework) => ({
    accept_inverse_offers: inverseOffers(random, framework),
  }),
  DECLINE_INVERSE_OFFERS: (random, known, framework) => ({
    decline_inverse_offers: inverseOffers(random, framework),
  }),
  REVIVE: () => ({ revive: { roles: ['web'] } }),
  SUPPRESS: () => ({ suppress: { roles: ['batch'] } }),
  KILL: (random, known) => ({
    kill: { task_id: { value: `t${random.below(50)}` }, agent_id: { value: random.pick(known.agents) } },
  }),
  SHUTDOWN: (random, known) => ({
    shutdown: { executor_id: { value: 'e' }, agent_id: { value: random.pick(known.agents) } },
  }),
  ACKNOWLEDGE: (random, known, framework) => ({
    acknowledge: random.pick(framework.updates) ?? {
      agent_id: { value: 'C-S0' },
      task_id: { value: 't0' },
      uuid: uuid(random),
    },
  }),
  ACKNOWLEDGE_OPERATION_STATUS: (random, known) => ({
    acknowledge_operation_status: {
      agent_id: { value: random.pick(known.agents) },
      uuid: uuid(random),
      operation_id: { value: 'op' },
    },
  }),
  RECONCILE: (random, known) => ({
    reconcile: {
      tasks: random.chance(0.5) ? [] : [{ task_id: { value: 't1' }, agent_id: { value: random.pick(known.agents) } }],
    },
  }),
  RECONCILE_OPERATIONS: () => ({
    reconcile_operations: { operations: [{ operation_id: { value: 'op' }, agent_id: { value: 'C-S0' } }] },
  }),
  MESSAGE: () => ({ message: { agent_id: { value: 'C-S0' }, executor_id: { value: 'e' }, data: 'aGVsbG8=' } }),
  REQUEST: () => ({ request: { requests: [{ agent_id: { value: 'C-S0' }, resources: [scalar('cpus', 1)] }] } }),
  UPDATE_FRAMEWORK: (random, known, framework) => ({
    update_framework: {
      framework_info: frameworkInfo(random, framework.id),
      suppressed_roles: ['web'],
      offer_constraints: constraints(),
    },
  }),
};
const TYPES = [...Object.keys(calls), 'ACCEPT', 'ACCEPT', 'ACKNOWLEDGE', 'DECLINE'];

export function validCall(random, known, framework) {
  // TEARDOWN is rare, so that there is somebody to talk to.
  if (random.chance(0.002)) return { type: 'TEARDOWN', framework_id: { value: framework.id } };
  const type = random.pick(TYPES);
  return structuredClone({ type, framework_id: { value: framework.id }, ...calls[type](random, known, framework) });
}
