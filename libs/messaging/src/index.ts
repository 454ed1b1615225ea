export type { FactVerdict } from './fact-follower.js';
export { Handles } from './handles.js';
export { InProcessBroker } from './in-process/in-process-broker.js';
export { InProcessBus } from './in-process/in-process-bus.js';
export { InProcessServer, type InProcessServerOptions } from './in-process/in-process-server.js';
export { type AskOptions, MessageBus, type MessageContext } from './message-bus.js';
export type { DeadLetter } from './message-dispatcher.js';
export { AbandonedError, QueryTimeoutError, RemoteError, TransportError, UnroutableError } from './messaging.errors.js';
export type { QueueDepth } from './queue-depth.js';
export type { AskedRequest } from './replica/memory-exchange.js';
export type { Route, Router } from './replica/router.js';
export { rabbitHost, type RabbitHostOptions } from './rabbit/rabbit-host.js';
export type { QueueType, RabbitOptions } from './rabbit/rabbit-options.js';
export {
  BrokerUrlError,
  consumeQueue,
  hostFor,
  type HostOptions,
  inProcessHost,
  type InProcessHostOptions,
  type ServiceHost,
} from './service-host.js';
export {
  type FactEffect,
  type FollowerParts,
  followSource,
  type Snapshots,
  SourceFollower,
} from './source-follower.js';
export {
  END_TASKS,
  onEndTasks,
  onSupervisorGone,
  type Refused,
  type Serving,
  tellRefusal,
  tellSupervisor,
} from './supervisor-link.js';
export { type Listening, runProcess, runService, type Sharing, type StartOptions } from './service-process.js';
