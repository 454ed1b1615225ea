import {
  clusterDomainOptions,
  clusterIdOptions,
  type ConfigOf,
  databaseOptions,
  integerOption,
  listenOptions,
  type Option,
  optionalTextOption,
  processOptions,
  publicUrlOptions,
  readServiceConfig,
  type ServiceConfigResult,
} from '@tranche/config';
import { parseRemovalRate } from './agents/removal/removal-rate.js';

/** As Mesos has it; read by `parseRemovalRate`. */
const agentRemovalRateOption: Option<string | undefined> = {
  ...optionalTextOption({
    name: 'REGISTRY_AGENT_REMOVAL_RATE',
    description:
      'How many agents may become unreachable in a time, spread over it, as 1/10mins (units of Mesos: secs, mins, hrs, days); absent: any number at once',
  }),
  type: 'number/duration',
  mistakesIn: (text) => {
    const rate = text === undefined ? undefined : parseRemovalRate(text);
    return rate?.ok === false ? [rate.error] : [];
  },
};

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** Every option of the registry. */
export const registryOptions = {
  ...processOptions,
  ...databaseOptions,
  ...listenOptions(5050),
  ...publicUrlOptions('told to them as the leading master'),
  ...clusterIdOptions,
  ...clusterDomainOptions,
  clusterName: optionalTextOption({ name: 'CLUSTER_NAME', description: 'Name of the cluster, shown to people' }),
  logFile: optionalTextOption({
    name: 'REGISTRY_LOG_FILE',
    description: 'File that the output of the registry goes to: it is read under /master/log',
  }),
  agentTlsName: optionalTextOption({
    name: 'REGISTRY_AGENT_TLS_NAME',
    description:
      "Name that the certificates of agents may have, for agents that share one; their address and their machine's name are good as well",
  }),
  agentPingTimeoutMs: integerOption({
    name: 'REGISTRY_AGENT_PING_TIMEOUT_MS',
    description: 'How often each agent sends a heartbeat',
    unit: 'ms',
    min: 10,
    default: SECOND_MS,
  }),
  agentQuietPings: integerOption({
    name: 'REGISTRY_AGENT_QUIET_PINGS',
    description:
      'An agent that misses this many heartbeats in a row gets no offers until it is heard of again; its tasks are waited for',
    min: 1,
    default: 4,
  }),
  agentMaxPingTimeouts: integerOption({
    name: 'REGISTRY_AGENT_MAX_PING_TIMEOUTS',
    description: 'An agent that misses this many heartbeats in a row is unreachable',
    min: 1,
    default: 75,
  }),
  agentRemovalRate: agentRemovalRateOption,
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
