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
  dbSystem: 'db.system.name',
  dbOperation: 'db.operation.name',
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
  decision: 'tranche.decision',
  state: 'tranche.task.state',
  reason: 'tranche.task.reason',
  detail: 'tranche.detail',
  /** How often an update has been sent without being acknowledged; absent for the first time. */
  resends: 'tranche.resends',
} as const;

/** Names of spans that are not `{operation} {destination}` or `{method} {route}`. */
export const SPAN = {
  validate: 'validate',
  launch: 'launch',
  checkpoint: 'checkpoint task',
  fetch: 'fetch',
  sandbox: 'sandbox',
  create: 'create container',
  start: 'start container',
  status: 'status checkpointed',
  update: 'UPDATE',
  acknowledge: 'ACKNOWLEDGE',
  resend: 'resend update',
  recover: 'recover task',
  reconcile: 'reconcile task',
} as const;
