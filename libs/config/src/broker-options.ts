import { choiceOption, integerOption, optionalTextOption, textOption } from './option.js';

/** How a process reaches the message broker and what it asks of it. Services and agents of one mesh have the same. */
export const brokerOptions = {
  brokerUrl: textOption({
    name: 'BROKER_URL',
    description:
      'Message broker: amqp://user:password@host:port/vhost, amqps:, or inproc: for a process that talks to nobody else',
    default: 'inproc:',
    secret: true,
  }),
  brokerNamespace: textOption({
    name: 'BROKER_NAMESPACE',
    description:
      'Begins the name of every exchange and queue, so that several meshes can share a vhost; the same in all of one mesh',
    default: 'tranche',
  }),
  brokerQueueType: choiceOption({
    name: 'BROKER_QUEUE_TYPE',
    description:
      'quorum where the broker is a cluster: queues are replicated, and a message that keeps killing its consumer is put aside; the same in all of one mesh',
    choices: ['classic', 'quorum'],
    default: 'classic',
  }),
  brokerOffersPartitions: integerOption({
    name: 'BROKER_OFFERS_PARTITIONS',
    description:
      'Partitions of the offers service, by framework: its replicas share them, so no more replicas work than there are partitions; the same in all of one mesh',
    min: 1,
    max: 64,
    default: 1,
  }),
  brokerCa: optionalSecret('BROKER_TLS_CA', 'Certificates that the broker of an amqps: url is trusted by, as PEM'),
  brokerCert: optionalSecret('BROKER_TLS_CERT', 'Certificate that the process shows to the broker, as PEM'),
  brokerKey: optionalSecret('BROKER_TLS_KEY', 'Key of that certificate, as PEM'),
  brokerServerName: optionalTextOption({
    name: 'BROKER_TLS_SERVER_NAME',
    description: "Name that the broker's certificate must have; that of the url when absent",
  }),
  brokerHeartbeatSeconds: integerOption({
    name: 'BROKER_HEARTBEAT_SECONDS',
    description:
      'A peer that is silent for two to three times this long is taken for lost: so long at most a paused process keeps its place from the next',
    unit: 's',
    min: 1,
    default: 5,
  }),
  brokerPrefetch: integerOption({
    name: 'BROKER_PREFETCH',
    description: 'Messages that the broker hands out before the first of them is acknowledged',
    min: 1,
    max: 65_535,
    default: 250,
  }),
  brokerConfirmWindow: integerOption({
    name: 'BROKER_CONFIRM_WINDOW',
    description: 'Messages on their way to the broker at a time',
    min: 1,
    default: 512,
  }),
  brokerMaxWaitingMessages: integerOption({
    name: 'BROKER_MAX_WAITING_MESSAGES',
    description: 'Messages that wait in memory for the broker; more are refused',
    min: 1,
    default: 20_000,
  }),
  brokerWaitMs: integerOption({
    name: 'BROKER_WAIT_MS',
    description: 'How long a message waits for a broker that is away before it is refused',
    unit: 'ms',
    min: 1,
    default: 30_000,
  }),
  brokerAgentQueueExpiryMs: integerOption({
    name: 'BROKER_AGENT_QUEUE_EXPIRY_MS',
    description: "An agent's queue goes when the agent has been away for so long; the same in all of one mesh",
    unit: 'ms',
    min: 60_000,
    default: 86_400_000,
  }),
};

function optionalSecret(name: string, description: string): ReturnType<typeof textOption> {
  return textOption({ name, description, default: '', secret: true });
}
