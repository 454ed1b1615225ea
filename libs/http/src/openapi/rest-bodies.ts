/*
 * Bodies of changing operations of `/v1`, as JSON Schema.
 */

export const NO_BODY = { type: 'object', additionalProperties: false };
export const KILL = {
  type: 'object',
  additionalProperties: false,
  properties: {
    gracePeriodMs: { type: 'number', minimum: 0, description: 'until the task is killed; its own when absent' },
  },
};
export const TERMINAL_SIZE = {
  type: 'object',
  additionalProperties: false,
  required: ['rows', 'columns'],
  properties: { rows: { type: 'integer', minimum: 1 }, columns: { type: 'integer', minimum: 1 } },
};
export const EXEC = {
  type: 'object',
  additionalProperties: false,
  required: ['command'],
  properties: {
    command: {
      description: 'a text for the shell of the container, or a file and its arguments',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
    },
    env: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'environment, besides that of the task',
    },
    user: { type: 'string', description: 'as whom; as the task when absent' },
    tty: { ...TERMINAL_SIZE, description: 'size of the terminal that it is given; it has none when absent' },
  },
};
export const SIGNAL = {
  type: 'object',
  additionalProperties: false,
  required: ['signal'],
  properties: { signal: { type: 'integer', minimum: 1, maximum: 64, description: 'its number: 2 interrupts' } },
};
export const BYTES = { type: 'string', format: 'binary' };
export const PRUNE_IMAGES = {
  type: 'object',
  additionalProperties: false,
  properties: {
    unused: {
      type: 'boolean',
      description: 'also images that no container is made from; otherwise only layers that no image has any more',
    },
    excludedImages: { type: 'array', items: { type: 'string' }, description: 'names of images that stay' },
  },
};
export const DRAIN = {
  type: 'object',
  additionalProperties: false,
  properties: {
    maxGraceMs: { type: 'number', minimum: 0, description: 'longest grace of a task; its own when absent' },
    markGone: { type: 'boolean', description: 'the agent is gone when it is drained' },
  },
};
const AMOUNTS = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    ['cpus', 'gpus', 'memBytes', 'diskBytes'].map((name) => [name, { type: 'number', minimum: 0 }]),
  ),
};
export const QUOTA = {
  type: 'object',
  additionalProperties: false,
  properties: { guarantee: AMOUNTS, limit: AMOUNTS },
};
export const WEIGHT = {
  type: 'object',
  additionalProperties: false,
  required: ['weight'],
  properties: { weight: { type: 'number', exclusiveMinimum: 0 } },
};
const TEXT = { type: 'string', minLength: 1 };
const PORT = { type: 'integer', minimum: 0, maximum: 65_535 };
const PORTS = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['begin', 'end'],
    properties: { begin: PORT, end: PORT },
  },
};
export const RESERVATION = {
  type: 'object',
  additionalProperties: false,
  required: ['agentId', 'role', 'resources'],
  properties: {
    agentId: TEXT,
    role: TEXT,
    resources: { ...AMOUNTS, properties: { ...AMOUNTS.properties, ports: PORTS } },
    principal: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
};
export const MACHINES = {
  type: 'object',
  additionalProperties: false,
  properties: {
    machines: {
      type: 'array',
      minItems: 1,
      description: 'absent: all of the window',
      items: {
        type: 'object',
        additionalProperties: false,
        properties: { hostname: { type: 'string' }, ip: { type: 'string' } },
      },
    },
  },
};
export const WINDOW = {
  ...MACHINES,
  required: ['machines', 'start'],
  properties: {
    ...MACHINES.properties,
    start: { type: 'string', format: 'date-time' },
    durationMs: { type: 'integer', minimum: 0, description: 'absent: until further notice' },
  },
};
export const VOLUME_SIZE = {
  type: 'object',
  additionalProperties: false,
  required: ['diskBytes'],
  properties: { diskBytes: { type: 'number', exclusiveMinimum: 0 } },
};
export const VOLUME = {
  type: 'object',
  additionalProperties: false,
  required: ['agentId', 'role', 'diskBytes', 'containerPath'],
  properties: {
    agentId: TEXT,
    role: TEXT,
    ...VOLUME_SIZE.properties,
    containerPath: TEXT,
    persistenceId: { ...TEXT, description: 'unique for the role on the agent; a new one when absent' },
    principal: { type: 'string' },
    isShared: { type: 'boolean' },
  },
};
