import type { FrameworkInfo, SchedulerCall, SchedulerCallType, SchedulerEvent } from '@tranche/mesos-api';
import type { Metrics } from '@tranche/telemetry';
import type { Framework } from '../frameworks/framework.js';
import { FrameworkNames } from '../metrics/framework-names.js';
import type { MesosCounts } from '../metrics/mesos-counts.js';
import type { CallOutcome } from './handle-call.js';

/** Counts calls and events by framework name. */
export class CallMetrics {
  private readonly names = new FrameworkNames();
  private readonly calls;
  private readonly events;

  constructor(
    metrics: Metrics,
    private readonly mesosCounts: MesosCounts,
  ) {
    this.calls = metrics.counter('tranche_scheduler_calls_total', 'Calls of schedulers', [
      'framework',
      'call',
      'outcome',
    ]);
    this.events = metrics.counter('tranche_scheduler_events_total', 'Events written to schedulers', [
      'framework',
      'event',
    ]);
  }

  called(framework: Framework, call: SchedulerCall, outcome: CallOutcome): void {
    this.mesosCounts.called(framework.frameworkId, call, outcome);
    this.calls.inc({
      framework: this.names.labelOf(framework.record.info.name),
      call: call.type ?? 'UNKNOWN',
      outcome: outcome.kind,
    });
  }

  /** Counts what has not become a call of a framework. @param type undefined: it could not be read */
  refused(type: SchedulerCallType | undefined): void {
    if (type === 'ACKNOWLEDGE') this.mesosCounts.checked(type, false);
  }

  /** Counts a SUBSCRIBE, whatever becomes of it. */
  subscribing({ id }: Pick<FrameworkInfo, 'id'>): void {
    this.mesosCounts.told(id === undefined || id.value === '' ? 'register_framework' : 'reregister_framework');
  }

  /** Counts the events of one framework's stream. */
  counterOf(name: string): (event: SchedulerEvent) => void {
    const framework = this.names.labelOf(name);
    const counted = this.mesosCounts.eventCounter();
    return (event) => {
      this.events.inc({ framework, event: event.type ?? 'UNKNOWN' });
      counted(event);
    };
  }
}
