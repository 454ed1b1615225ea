import {
  clusterDomainOptions,
  clusterIdOptions,
  type ConfigOf,
  databaseOptions,
  integerOption,
  listenOptions,
  processOptions,
  publicUrlOptions,
  readServiceConfig,
  type ServiceConfigResult,
} from '@tranche/config';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const MIB = 1 << 20;

/** Every option of the offers service. */
export const offersOptions = {
  ...processOptions,
  ...databaseOptions,
  ...listenOptions(5052),
  ...publicUrlOptions('told to schedulers as the leading master'),
  ...clusterIdOptions,
  ...clusterDomainOptions,
  offerTimeoutMs: integerOption({
    name: 'OFFERS_OFFER_TIMEOUT_MS',
    description: 'An offer that is not answered for this long is rescinded; 0: never, as Mesos by default',
    unit: 'ms',
    default: 60 * SECOND_MS,
  }),
  heartbeatIntervalMs: integerOption({
    name: 'OFFERS_HEARTBEAT_INTERVAL_MS',
    description: 'How often each event stream gets a HEARTBEAT; schedulers take five missed ones for a lost cluster',
    unit: 'ms',
    min: 10,
    default: 15 * SECOND_MS,
  }),
  recoveryGraceMs: integerOption({
    name: 'OFFERS_RECOVERY_GRACE_MS',
    description:
      'After a restart of this service a framework has at least this long to subscribe again, whatever its failover timeout',
    unit: 'ms',
    default: 60 * SECOND_MS,
  }),
  maxBufferedBytes: integerOption({
    name: 'OFFERS_STREAM_MAX_BUFFERED_BYTES',
    description: 'A scheduler that leaves more than this unread is disconnected',
    unit: 'bytes',
    min: 1,
    default: 32 * MIB,
  }),
  historyRetentionMs: integerOption({
    name: 'OFFERS_HISTORY_RETENTION_MS',
    description: 'Ended tasks and operations and removed frameworks are deleted after this long',
    unit: 'ms',
    default: 7 * DAY_MS,
  }),
  maxCompletedFrameworks: integerOption({
    name: 'OFFERS_MAX_COMPLETED_FRAMEWORKS',
    description:
      'Removed frameworks that are kept in memory too, with their tasks; a scheduler with one of their ids is refused',
    default: 200,
  }),
  maxCompletedTasksPerFramework: integerOption({
    name: 'OFFERS_MAX_COMPLETED_TASKS_PER_FRAMEWORK',
    description: 'Ended tasks of each framework that are kept in memory too: these are in /tasks and /state',
    default: 1_000,
  }),
};

export type OffersConfig = ConfigOf<typeof offersOptions>;

/** What this process was started with. */
export const readOffersConfig = (): ServiceConfigResult<typeof offersOptions> =>
  readServiceConfig(offersOptions, { argv: process.argv.slice(2), env: process.env }, 'OFFERS_');
