import {
  choiceOption,
  type ConfigOf,
  integerOption,
  optionalTextOption,
  readServiceConfig,
  type ServiceConfigResult,
  textOption,
} from '@tranche/config';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** Every option of the registry. */
export const registryOptions = {
  brokerUrl: textOption({ name: 'BROKER_URL', description: 'Message broker', default: 'inproc:', secret: true }),
  databaseUrl: textOption({
    name: 'DATABASE_URL',
    description: 'Database: sqlite:PATH or mysql://user:password@host:port/schema',
    default: 'sqlite:.tranche/tranche.db',
    secret: true,
  }),
  httpHost: textOption({ name: 'HTTP_HOST', description: 'Address to listen on', default: '127.0.0.1' }),
  httpPort: integerOption({ name: 'HTTP_PORT', description: 'Port to listen on', default: 5050, max: 65_535 }),
  publicUrl: textOption({
    name: 'PUBLIC_URL',
    description: 'Where clients reach the cluster; told to them as the leading master',
    default: 'http://127.0.0.1:5050',
  }),
  clusterName: optionalTextOption({ name: 'CLUSTER_NAME', description: 'Name of the cluster, shown to people' }),
  clusterId: optionalTextOption({
    name: 'CLUSTER_ID',
    description: 'Prefix of the ids that are given out; a new UUID at each start when absent',
  }),
  logLevel: choiceOption({
    name: 'LOG_LEVEL',
    description: 'Least important lines that are logged',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
  logFormat: choiceOption({
    name: 'LOG_FORMAT',
    description: 'json: one object a line; pretty: for a terminal',
    choices: ['json', 'pretty'],
    default: 'json',
  }),
  agentPingTimeoutMs: integerOption({
    name: 'REGISTRY_AGENT_PING_TIMEOUT_MS',
    description: 'How often each agent sends a heartbeat',
    unit: 'ms',
    min: 10,
    default: 15 * SECOND_MS,
  }),
  agentMaxPingTimeouts: integerOption({
    name: 'REGISTRY_AGENT_MAX_PING_TIMEOUTS',
    description: 'An agent that misses this many heartbeats in a row is unreachable',
    min: 1,
    default: 5,
  }),
  agentReregisterTimeoutMs: integerOption({
    name: 'REGISTRY_AGENT_REREGISTER_TIMEOUT_MS',
    description:
      "Agents known from before that do not register again so soon after the registry's start are unreachable",
    unit: 'ms',
    min: 10,
    default: 600 * SECOND_MS,
  }),
  agentRetentionMs: integerOption({
    name: 'REGISTRY_AGENT_RETENTION_MS',
    description: 'Agents that have been away for longer are forgotten',
    unit: 'ms',
    default: 14 * DAY_MS,
  }),
  maxCompletedFrameworks: integerOption({
    name: 'REGISTRY_MAX_COMPLETED_FRAMEWORKS',
    description: 'Removed frameworks that /state shows',
    default: 50,
  }),
  maxCompletedTasksPerFramework: integerOption({
    name: 'REGISTRY_MAX_COMPLETED_TASKS_PER_FRAMEWORK',
    description: 'Completed tasks of each framework that /state shows',
    default: 1_000,
  }),
};

export type RegistryConfig = ConfigOf<typeof registryOptions>;

/** What this process was started with. */
export const readRegistryConfig = (): ServiceConfigResult<typeof registryOptions> =>
  readServiceConfig(registryOptions, { argv: process.argv.slice(2), env: process.env }, 'REGISTRY_');
