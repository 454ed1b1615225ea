import type { FrameworkRecord, OfferOutcome, OfferRecord } from '@tranche/contracts';
import type { OperationStatus, SchedulerCall, SchedulerCallType, SchedulerEvent } from '@tranche/mesos-api';
import type { Changes } from '../changes/changes.port.js';
import type { Operation } from '../operations/operation.js';
import type { CallOutcome } from '../scheduler-api/handle-call.js';
import { Counter, type FrameworkCounts, newFrameworkCounts } from './framework-counts.js';

/** Removed frameworks that are still counted, as Mesos counts those that it shows. */
const MAX_REMOVED = 50;

/** What becomes of offers, as Mesos calls it; those that frameworks lose otherwise it does not count. */
const OFFER_ENDS: Readonly<Partial<Record<OfferOutcome, string>>> = {
  accepted: 'accepted',
  declined: 'declined',
  rescinded: 'rescinded',
  expired: 'rescinded',
};

/** What agents and schedulers tell beside calls of subscribed frameworks, by Mesos' names. */
export type Told =
  | 'register_framework'
  | 'reregister_framework'
  | 'status_update'
  | 'operation_status_update'
  | 'executor_to_framework'
  | 'exited_executor';

/** Calls that name something that may not be there, as Mesos calls them. */
const CHECKED_CALLS: Readonly<Partial<Record<SchedulerCallType, string>>> = {
  MESSAGE: 'framework_to_executor_messages',
  ACKNOWLEDGE: 'status_update_acknowledgements',
  ACKNOWLEDGE_OPERATION_STATUS: 'operation_status_update_acknowledgements',
};
const CHECKED_MESSAGES: Readonly<Partial<Record<Told, string>>> = {
  status_update: 'status_updates',
  operation_status_update: 'operation_status_updates',
  executor_to_framework: 'executor_to_framework_messages',
};

/** Counts what Mesos' metrics are made of: calls and events, offers and operations, by framework. */
export class MesosCounts implements Changes {
  /** By framework id, in the order of their first sight. */
  readonly frameworks = new Map<string, FrameworkCounts>();
  /** Calls of all frameworks, by type. */
  readonly calls = new Counter();
  /** Operations that have reached a state, by `TYPE STATE`. */
  readonly operations = new Counter();
  /** What else was told, by `Told`, and LAUNCH operations of ACCEPT, by Mesos' names of what says the same. */
  readonly messages = new Counter();
  /** Of both: `valid_…` what was about something that is there, `invalid_…` the others. */
  readonly validity = new Counter();
  private readonly removed: string[] = [];

  called(frameworkId: string, call: SchedulerCall, outcome: CallOutcome): void {
    const { type = 'UNKNOWN' } = call;
    this.calls.add(type);
    const counts = this.frameworks.get(frameworkId);
    counts?.calls.add(type);
    const isTaken = outcome.kind === 'accepted';
    this.checked(type, isTaken && outcome.isDropped !== true);
    for (const { type: operation, launch } of call.accept?.operations ?? []) {
      if (operation === 'LAUNCH') this.messages.add(launch?.task_infos?.length ? 'launch_tasks' : 'decline_offers');
      if (!isTaken) continue;
      if (operation === 'LAUNCH' || operation === 'LAUNCH_GROUP') counts?.operations.add(operation);
    }
  }

  /** @param isValid what the call names is there */
  checked(type: SchedulerCallType, isValid: boolean): void {
    this.count(CHECKED_CALLS[type], isValid);
  }

  /** @param isValid what the message names is there */
  told(message: Told, isValid = true): void {
    this.messages.add(message);
    this.count(CHECKED_MESSAGES[message], isValid);
  }

  private count(checked: string | undefined, isValid: boolean): void {
    if (checked !== undefined) this.validity.add(`${isValid ? 'valid' : 'invalid'}_${checked}`);
  }

  /** Counts the events of a stream, from SUBSCRIBED on, which tells whose it is. */
  eventCounter(): (event: SchedulerEvent) => void {
    let frameworkId = '';
    return ({ type = 'UNKNOWN', subscribed, offers }) => {
      if (subscribed !== undefined) {
        frameworkId = subscribed.framework_id.value;
        this.calls.add('SUBSCRIBE');
        this.frameworks.get(frameworkId)?.calls.add('SUBSCRIBE');
      }
      const counts = this.frameworks.get(frameworkId);
      counts?.events.add(type);
      counts?.offers.add('sent', offers?.offers?.length ?? 0);
    };
  }

  framework({ frameworkId, info, state }: FrameworkRecord): void {
    const counts = this.frameworks.get(frameworkId);
    if (counts === undefined) this.frameworks.set(frameworkId, newFrameworkCounts(info.name));
    else counts.name = info.name;
    if (state !== 'removed' || this.removed.includes(frameworkId)) return;
    this.removed.push(frameworkId);
    const oldest = this.removed.length > MAX_REMOVED ? this.removed.shift() : undefined;
    if (oldest !== undefined) this.frameworks.delete(oldest);
  }

  offerEnded({ frameworkId }: OfferRecord, outcome: OfferOutcome): void {
    const end = OFFER_ENDS[outcome];
    if (end !== undefined) this.frameworks.get(frameworkId)?.offers.add(end);
  }

  operationUpdated({ record }: Operation, status?: OperationStatus): void {
    const { type = 'UNKNOWN' } = record.info;
    if (status === undefined) return;
    if (status.state === 'OPERATION_PENDING') this.frameworks.get(record.frameworkId ?? '')?.operations.add(type);
    this.operations.add(`${type} ${status.state}`);
  }

  offerMade(): void {
    // Counted when it is sent.
  }
  inverseOfferMade(): void {
    // Seen as an event.
  }
  inverseOfferEnded(): void {
    // Seen as a call.
  }
  taskLaunched(): void {
    // Counted by the registry.
  }
  taskUpdated(): void {
    // As above.
  }
  executorIdle(): void {
    // Mesos does not count it.
  }
  executorEnded(): void {
    // As above.
  }
  operationForgotten(): void {
    // Counted when it ended.
  }
  totalChanged(): void {
    // Seen in the totals.
  }
  forgotten(): void {
    // Frameworks are forgotten by their number.
  }
}
