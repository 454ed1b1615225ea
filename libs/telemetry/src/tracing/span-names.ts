/**
 * Names of spans and attributes, all of them: what is spelt here is what `tranche trace` and a tracing backend show.
 *
 * @source OpenTelemetry semantic conventions for HTTP, messaging and databases; `tranche.*` is ours (product page, "Metrics, traces, logs")
 */
export const ATTRIBUTE = {
  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  messagingMessageId: 'messaging.message.id',
  messagingBatchCount: 'messaging.batch.message_count',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlPath: 'url.path',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  dbSystem: 'db.system.name',
  /** `SELECT`, `UPSERT`; `BATCH` for what is written behind. */
  dbOperation: 'db.operation.name',
  /** The table; of a batch all of them, with commas between. */
  dbCollection: 'db.collection.name',
  dbBatchSize: 'db.operation.batch.size',
  /** Name and version of a message, `launch-tasks.v1`. */
  message: 'tranche.message',
  /** When the broker was given the message, milliseconds since the epoch: from then on it waited. */
  sentMs: 'tranche.message.sent_ms',
  /** How often a message has been handled, this time included; absent for the first. */
  tries: 'tranche.message.tries',
  /** The broker has delivered the message before. */
  redelivered: 'tranche.message.redelivered',
  /** It was known already and had no effect. */
  duplicate: 'tranche.duplicate',
  call: 'tranche.call',
  offers: 'tranche.offers',
  tasks: 'tranche.tasks',
  taskId: 'tranche.task.id',
  taskName: 'tranche.task.name',
  frameworkId: 'tranche.framework.id',
  frameworkName: 'tranche.framework.name',
  role: 'tranche.role',
  agentId: 'tranche.agent.id',
  offerId: 'tranche.offer.id',
  containerId: 'tranche.container.id',
  /** Of a container that has ended: the most memory that it used, bytes. */
  memoryPeak: 'tranche.container.memory.peak_bytes',
  decision: 'tranche.decision',
  state: 'tranche.task.state',
  reason: 'tranche.task.reason',
  detail: 'tranche.detail',
  /** How often an update has been sent without being acknowledged; absent for the first time. */
  resends: 'tranche.resends',
} as const;

/** Names of spans that are not `{operation} {destination}` or `{method} {route}`. */
export const SPAN = {
  /** Offers: the checks of an ACCEPT, up to the tasks being in the books. */
  validate: 'validate',
  /** Agent: from a task's turn to its process running. */
  launch: 'launch',
  /** Agent: a task is taken over, on disk. */
  checkpointTask: 'checkpoint task',
  /** Agent: a status is on disk. */
  checkpointStatus: 'checkpoint status',
  /** Agent: an update is sent again, since nobody acknowledged it. */
  resend: 'resend update',
  createContainer: 'create container',
  /** Agent: what isolators make for a container before it exists. */
  isolators: 'isolators',
  /** Agent: one file of a task or executor is brought into its sandbox. */
  fetch: 'fetch',
  /** Agent: an image that a container is made from is brought from its registry. */
  pullImage: 'pull image',
  startContainer: 'start container',
  removeContainer: 'remove container',
  /** Agent: a task was found again after a restart. */
  recoverTask: 'recover task',
  /** Offers: an update is booked and passed on to the framework's stream. */
  update: 'UPDATE',
  /** Framework: from the update on its stream to its ACKNOWLEDGE. */
  acknowledge: 'ACKNOWLEDGE',
  /** Offers, agent: somebody wants a task to end; its detail says who. */
  kill: 'KILL',
  /** Offers: a task is told by its agent when that registers. */
  reregister: 'reregistered',
} as const;

/** Detail of the KILL that a scheduler has called for. */
export const BY_FRAMEWORK = 'by its framework';
