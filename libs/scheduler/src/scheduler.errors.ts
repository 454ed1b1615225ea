/** Base of everything that the SDK throws: tell them apart by `code`. */
export abstract class SchedulerError extends Error {
  /** Stable, `scheduler/<reason>`. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The cluster could not be reached, or was lost, for longer than the patience that was configured. */
export class UnreachableError extends SchedulerError {
  readonly code = 'scheduler/unreachable';

  constructor(
    readonly url: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`cannot reach ${url} (${reason})`, options);
  }
}

/** The cluster answered a call with a status other than 200, 202 or a redirect. The subscription is not affected. */
export class CallRefusedError extends SchedulerError {
  readonly code = 'scheduler/call-refused';

  constructor(
    readonly callType: string,
    readonly status: number,
    /** The response's body, as text. */
    readonly detail: string,
  ) {
    super(`${callType} refused with status ${status}: ${detail}`);
  }
}

/** The connection broke before the answer to a call came: it may or may not have been processed. Reconcile to find out. */
export class CallLostError extends SchedulerError {
  readonly code = 'scheduler/call-lost';

  constructor(
    readonly callType: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`no answer to ${callType} (${reason})`, options);
  }
}

/** A call was made while there is no subscription. */
export class NotSubscribedError extends SchedulerError {
  readonly code = 'scheduler/not-subscribed';

  constructor(readonly callType: string) {
    super(`${callType} needs a subscription: iterate over the scheduler first`);
  }
}

/** Why the cluster ended a subscription for good. */
export const SUBSCRIPTION_END_CODES = [
  'scheduler/failed-over',
  'scheduler/framework-removed',
  'scheduler/subscription-refused',
] as const;
export type SubscriptionEndCode = (typeof SUBSCRIPTION_END_CODES)[number];

/** The texts of a Mesos master that clients match, see `subscriptionEndCode`. */
const END_TEXTS: Record<string, SubscriptionEndCode> = {
  'Framework failed over': 'scheduler/failed-over',
  'Framework has been removed': 'scheduler/framework-removed',
};

/**
 * The cluster sent an ERROR event: another scheduler took over this framework, the framework was removed (its id must be
 * forgotten), or the subscription itself is not valid. Trying again would give the same.
 */
export class SubscriptionEndedError extends SchedulerError {
  readonly code: SubscriptionEndCode;

  constructor(readonly detail: string) {
    super(`the cluster ended the subscription: ${detail}`);
    this.code = END_TEXTS[detail] ?? 'scheduler/subscription-refused';
  }
}
