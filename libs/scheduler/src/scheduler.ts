// size: each call of the API is a method of one class, as its users look for it.
import type {
  Filters,
  FrameworkInfo,
  OfferOperation,
  OperationStatus,
  SchedulerEvent,
  TaskInfo,
  TaskStatus,
} from '@tranche/mesos-api';
import { backoffMs } from './backoff.js';
import { CallConnection } from './call-connection.js';
import {
  type Call,
  type KillOptions,
  type OfferRef,
  type OperationRef,
  type TaskRef,
  acceptCall,
  acknowledgeCall,
  acknowledgeOperationCall,
  declineCall,
  inverseOffersCall,
  killCall,
  launchOperation,
  messageCall,
  reconcileCall,
  reconcileOperationsCall,
  reconcileTasksCall,
  reviveCall,
  shutdownCall,
  suppressCall,
} from './calls.js';
import { type Clock, sleep, systemClock } from './clock.js';
import { type FrameworkEvent, toFrameworkEvent } from './framework-event.js';
import { LiveTasks } from './live-tasks.js';
import { Outage } from './outage.js';
import { type SchedulerOptions, authorization, schedulerUrl } from './scheduler-options.js';
import { CallRefusedError, NotSubscribedError, SubscriptionEndedError, UnreachableError } from './scheduler.errors.js';
import { Subscription, type SubscriptionContext, SubscriptionLost } from './subscription.js';
import { type SubscriptionTerms, reviving, suppressing, termsFor, termsMembers } from './subscription-terms.js';
import { JSON_FORMAT, PROTOBUF_FORMAT } from './wire-format.js';

/** Waits between rounds of reconciliation: agents may still be on their way back. */
const RECONCILE_BACKOFF = { initialMs: 5_000, maxMs: 60_000 };

/**
 * A framework's connection to the cluster: iterate over it to be told what happens, call its methods to act.
 *
 * ```ts
 * const scheduler = new Scheduler({ framework: { user: 'root', name: 'hello' } });
 * for await (const event of scheduler) {
 *   if (event.type === 'offers') await scheduler.launch(event.offers, […]);
 * }
 * ```
 *
 * The iteration subscribes, watches the heartbeats, and subscribes again under the same id when the connection is lost. It ends with
 * `close` or `teardown`; it throws `SubscriptionEndedError` when the cluster doesn't want this framework, `CallRefusedError` when it
 * refuses to talk at all (credentials), `UnreachableError` when patience is over.
 *
 * Every method that makes a call resolves when the cluster has accepted it and throws `NotSubscribedError`, `CallRefusedError` or
 * `CallLostError`; what came of it is told by events. Calls arrive in the order in which they were made, awaited or not.
 */
export class Scheduler implements AsyncIterable<FrameworkEvent> {
  readonly #options: SchedulerOptions;
  readonly #clock: Clock;
  readonly #url: URL;
  readonly #live = new LiveTasks();
  #framework: FrameworkInfo;
  /** As last asked for, so that neither an update nor another subscription takes it back. */
  #terms: SubscriptionTerms;
  #stop = new AbortController();
  #calls: CallConnection | undefined;
  #teardown: Promise<void> | undefined;
  #isIterating = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#url = schedulerUrl(options.url ?? 'http://127.0.0.1:5050');
    this.#framework = options.framework;
    const { suppressedRoles, offerConstraints } = options;
    this.#terms = { ...(suppressedRoles && { suppressedRoles }), ...(offerConstraints && { offerConstraints }) };
  }

  /** The id that the cluster gave; store it to take over the framework's tasks after a restart. Undefined before the first subscription. */
  get frameworkId(): string | undefined {
    return this.#framework.id?.value;
  }

  /** Subscribes, and tells what happens. One iteration at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FrameworkEvent, void, undefined> {
    if (this.#isIterating) throw new Error('this scheduler is being iterated over already');
    this.#isIterating = true;
    this.#stop = new AbortController();
    const outage = new Outage(this.#options, this.#clock);
    try {
      while (!this.#stop.signal.aborted) {
        try {
          for await (const event of this.#subscribe(outage.isAgain)) {
            outage.over();
            yield event;
            this.#acknowledgeHandled(event);
          }
        } catch (error) {
          if (!(error instanceof SubscriptionLost)) throw error;
          if (this.#stop.signal.aborted) return;
          const retryInMs = outage.attemptFailed(error.reason === 'unavailable');
          if (retryInMs === undefined) throw new UnreachableError(this.#url.origin, error.detail, { cause: error });
          yield { type: 'disconnected', reason: error.reason, detail: error.detail, retryInMs };
          await sleep(this.#clock, retryInMs, this.#stop.signal);
        }
      }
    } finally {
      this.close();
      this.#isIterating = false;
    }
  }

  /** Uses offers of one agent for operations, in their order; what they leave over goes back. Without operations: declines. */
  accept(offers: readonly OfferRef[], operations: OfferOperation[], filters?: Filters): Promise<void> {
    return this.call(acceptCall(offers, operations, filters));
  }

  /** Launches tasks with one offer and returns the rest; without tasks, declines. Refused tasks are told by an update TASK_ERROR. */
  launch(offer: OfferRef, tasks: TaskInfo[], filters?: Filters): Promise<void> {
    return tasks.length === 0
      ? this.decline([offer], filters)
      : this.accept([offer], [launchOperation(tasks)], filters);
  }

  /** Returns offers. `filters.refuse_seconds` (default 5): not to be offered the same again for so long. */
  decline(offers: readonly OfferRef[], filters?: Filters): Promise<void> {
    return this.call(declineCall(offers, filters));
  }

  acceptInverseOffers(ids: readonly string[], filters?: Filters): Promise<void> {
    return this.call(inverseOffersCall('accept', ids, filters));
  }

  declineInverseOffers(ids: readonly string[], filters?: Filters): Promise<void> {
    return this.call(inverseOffersCall('decline', ids, filters));
  }

  /** Ends a task; its terminal update follows. An unknown task is answered like `reconcile`. */
  kill(taskId: string, options: KillOptions = {}): Promise<void> {
    return this.call(killCall(taskId, options));
  }

  /** Asks an executor of the framework's own to end, and with it all of its tasks. */
  shutdownExecutor(agentId: string, executorId: string): Promise<void> {
    return this.call(shutdownCall(agentId, executorId));
  }

  /** Confirms an update, with `acknowledge: 'manual'`. Updates without a uuid need none: nothing is sent. */
  async acknowledge(status: TaskStatus): Promise<void> {
    const call = acknowledgeCall(status);
    if (call) await this.call(call);
  }

  /** Confirms an operation's update. Those without a uuid need none: nothing is sent. */
  async acknowledgeOperation(status: OperationStatus): Promise<void> {
    const call = acknowledgeOperationCall(status);
    if (call) await this.call(call);
  }

  /** Asks for the latest state of tasks, of all that the cluster knows when none is named. Answered by updates. */
  reconcile(tasks: readonly TaskRef[] = []): Promise<void> {
    return this.call(reconcileCall(tasks));
  }

  /** Asks for the latest state of operations, of all when none is named. Answered by `operation-update`. */
  reconcileOperations(operations: readonly OperationRef[] = []): Promise<void> {
    return this.call(reconcileOperationsCall(operations));
  }

  /** Lifts the filters of declined offers and wakes suppressed roles: those named, or all. */
  async revive(roles: readonly string[] = []): Promise<void> {
    await this.call(reviveCall(roles));
    this.#terms = reviving(this.#terms, roles);
  }

  /** No more offers for the roles named, or for all, until `revive`. */
  async suppress(roles: readonly string[] = []): Promise<void> {
    await this.call(suppressCall(roles));
    this.#terms = suppressing(this.#terms, this.#framework, roles);
  }

  /** Sends bytes to an executor of the framework's own. Best effort. */
  message(agentId: string, executorId: string, data: Uint8Array): Promise<void> {
    return this.call(messageCall(agentId, executorId, data));
  }

  /**
   * Replaces what the cluster knows of the framework, also for later subscriptions; `id` is kept. Suppressed roles and offer constraints
   * stay as they are where the roles stay, unless `changes` has others.
   */
  async updateFramework(framework: FrameworkInfo, changes: SubscriptionTerms = {}): Promise<void> {
    const next = { ...framework, ...(this.#framework.id && { id: this.#framework.id }) };
    const terms = { ...termsFor(this.#terms, next), ...changes };
    await this.call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: next, ...termsMembers(terms) } });
    this.#framework = next;
    this.#terms = terms;
  }

  /** Removes the framework: its tasks are killed, its id is void. Ends the iteration. */
  async teardown(): Promise<void> {
    this.#teardown = this.call({ type: 'TEARDOWN' });
    try {
      await this.#teardown;
    } finally {
      this.#teardown = undefined;
    }
    this.close();
  }

  /** Any call that has no method of its own. The framework's id is added. */
  async call(call: Call): Promise<void> {
    const { id } = this.#framework;
    if (!this.#calls || !id) throw new NotSubscribedError(String(call.type));
    this.#live.noteCall(call);
    await this.#calls.send({ framework_id: id, ...call });
  }

  /** Ends the iteration and the connections. Tasks run on for the framework's failover timeout. */
  close(): void {
    this.#stop.abort();
    this.#calls?.close();
    this.#calls = undefined;
  }

  /** One subscription, from SUBSCRIBED to its end. */
  async *#subscribe(isAgain: boolean): AsyncGenerator<FrameworkEvent> {
    const context = this.#context();
    const subscription = await Subscription.open(this.#url, this.#subscribeCall(), context);
    const calls = new CallConnection(subscription.url, subscription.streamId, context);
    const lost = new AbortController();
    try {
      for await (const event of subscription.events()) {
        if (event.type === 'ERROR') throw new SubscriptionEndedError(event.error?.message ?? 'no reason given');
        if (event.update) this.#live.noteStatus(event.update.status);
        const told = event.type === 'SUBSCRIBED' ? this.#begin(event, calls, isAgain) : toFrameworkEvent(event);
        if (event.type === 'SUBSCRIBED' && isAgain && this.#options.reconcile !== false) {
          void this.#reconcileLive(AbortSignal.any([this.#stop.signal, lost.signal]));
        }
        if (told) yield told;
      }
    } finally {
      // The cluster may close the stream before it answers TEARDOWN.
      await this.#teardown?.catch(() => undefined);
      lost.abort();
      calls.close();
      if (this.#calls === calls) this.#calls = undefined;
    }
  }

  #context(): SubscriptionContext {
    return {
      clock: this.#clock,
      format: this.#options.format === 'protobuf' ? PROTOBUF_FORMAT : JSON_FORMAT,
      headers: { ...this.#options.headers, ...authorization(this.#options.credential) },
      ...(this.#options.ca === undefined ? {} : { ca: this.#options.ca }),
      responseTimeoutMs: this.#options.responseTimeoutMs ?? 10_000,
      signal: this.#stop.signal,
    };
  }

  #subscribeCall(): Call & { framework_id?: { value: string } } {
    const { id } = this.#framework;
    return {
      type: 'SUBSCRIBE',
      ...(id && { framework_id: id }),
      subscribe: { framework_info: this.#framework, ...termsMembers(this.#terms) },
    };
  }

  #begin({ subscribed }: SchedulerEvent, calls: CallConnection, isAgain: boolean): FrameworkEvent {
    if (!subscribed) throw new SubscriptionLost('malformed-stream', 'SUBSCRIBED without its content');
    this.#framework = { ...this.#framework, id: subscribed.framework_id };
    this.#calls = calls;
    return {
      type: 'subscribed',
      frameworkId: subscribed.framework_id.value,
      heartbeatIntervalMs: Number(subscribed.heartbeat_interval_seconds ?? 0) * 1000,
      masterInfo: subscribed.master_info,
      again: isAgain,
    };
  }

  /** The loop came back for more, so the event was handled. A lost acknowledgement does no harm: the update comes again. */
  #acknowledgeHandled(event: FrameworkEvent): void {
    if (this.#options.acknowledge === 'manual') return;
    if (event.type === 'update') this.acknowledge(event.status).catch(() => undefined);
    if (event.type === 'operation-update') this.acknowledgeOperation(event.status).catch(() => undefined);
  }

  /** Asks about every live task, again and again with growing waits, until each was answered or the subscription is lost. */
  async #reconcileLive(signal: AbortSignal): Promise<void> {
    this.#live.askAll();
    for (let round = 1; ; round += 1) {
      const tasks = this.#live.unanswered();
      if (tasks.length === 0 || signal.aborted) return;
      await this.call(reconcileTasksCall(tasks)).catch((error: unknown) => {
        if (error instanceof CallRefusedError) return;
      });
      await sleep(this.#clock, backoffMs(round, RECONCILE_BACKOFF, 0.5), signal);
    }
  }
}
