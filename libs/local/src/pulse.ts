import {
  type OffersChanged,
  OffersChangedV1,
  parseEnvelope,
  type TaskLaunched,
  TaskLaunchedV1,
  type TaskUpdated,
  TaskUpdatedV1,
} from '@tranche/contracts';
import { isTerminalState } from '@tranche/mesos-api';
import type { InProcessBroker } from '@tranche/messaging';

/** What the status line shows. */
export interface Pulse {
  readonly tasks: number;
  readonly offers: number;
  /** `web.0 TASK_RUNNING`; empty before the first. */
  readonly lastEvent: string;
}

/** Counts tasks and offers from the facts that pass through the broker. */
export class PulseMeter {
  private readonly tasks = new Set<string>();
  private readonly offers = new Set<string>();
  private lastEvent = '';

  constructor(broker: InProcessBroker, queue = 'local.pulse') {
    for (const contract of [TaskLaunchedV1, TaskUpdatedV1, OffersChangedV1]) broker.bind(queue, contract.pattern);
    broker.consume(queue, (delivery) => {
      const { pattern, items } = parseEnvelope(JSON.parse(delivery.body));
      if (pattern === TaskLaunchedV1.pattern) for (const item of items) this.launched(item as TaskLaunched);
      else if (pattern === TaskUpdatedV1.pattern) for (const item of items) this.updated(item as TaskUpdated);
      else for (const item of items) this.offersChanged(item as OffersChanged);
    });
  }

  get current(): Pulse {
    return { tasks: this.tasks.size, offers: this.offers.size, lastEvent: this.lastEvent };
  }

  private launched({ task }: TaskLaunched): void {
    if (isTerminalState(task.state)) return;
    this.tasks.add(`${task.frameworkId} ${task.taskId}`);
    this.lastEvent = `${task.taskId} ${task.state}`;
  }

  private updated(update: TaskUpdated): void {
    if (isTerminalState(update.state)) this.tasks.delete(`${update.frameworkId} ${update.taskId}`);
    if (update.status !== undefined) this.lastEvent = `${update.taskId} ${update.state}`;
  }

  private offersChanged(change: OffersChanged): void {
    if (change.kind === 'made') this.offers.add(change.offer.offerId);
    else this.offers.delete(change.offerId);
  }
}
