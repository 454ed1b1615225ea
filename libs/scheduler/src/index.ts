/** `isTerminal(state)`: the task has ended; its resources are free again. */
export { isTerminalState as isTerminal } from '@tranche/mesos-api';
export type { Backoff } from './backoff.js';
export type { Call, KillOptions, OfferRef, OperationRef, TaskRef } from './calls.js';
export { launchOperation } from './calls.js';
export { type Clock, sleep, systemClock } from './clock.js';
export { type CommandTask, commandTask, packOffer, type Placement } from './command-task.js';
export { FakeClock } from './fake-clock.js';
export { type FakeAnswer, FakeCluster, type FakeClusterOptions } from './fake-cluster.js';
export { DISCONNECT_REASONS, type DisconnectReason, type FrameworkEvent } from './framework-event.js';
export {
  amountsOf,
  fits,
  portsOf,
  type Shortage,
  type Taken,
  takeResources,
  type TaskNeeds,
} from './offer-resources.js';
export {
  createOperation,
  destroyOperation,
  growVolumeOperation,
  launchGroupOperation,
  type OperationOptions,
  persistentVolume,
  reserved,
  reserveOperation,
  shrinkVolumeOperation,
  unreserveOperation,
} from './operations.js';
export { Scheduler } from './scheduler.js';
export type { SchedulerOptions } from './scheduler-options.js';
export type { SubscriptionTerms } from './subscription-terms.js';
export {
  CallLostError,
  CallRefusedError,
  NotSubscribedError,
  SchedulerError,
  SUBSCRIPTION_END_CODES,
  SubscriptionEndedError,
  type SubscriptionEndCode,
  UnreachableError,
} from './scheduler.errors.js';
