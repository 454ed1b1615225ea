import type { FrameworkRecord, OfferOutcome, OfferRecord } from '@tranche/contracts';
import type { OperationStatus, TaskStatus } from '@tranche/mesos-api';
import type { Clock, Metrics } from '@tranche/telemetry';
import type { ClusterState } from '../cluster-state.js';
import { FrameworkNames } from '../metrics/framework-names.js';
import { exposeState } from '../metrics/state-gauges.js';
import type { Operation } from '../operations/operation.js';
import type { Task } from '../tasks/task.js';
import type { Changes } from './changes.port.js';

/** Numbers every change for `asOf` of lists, and counts what operators watch. */
export class CountedChanges implements Changes {
  /** Number of the newest change. */
  newest = 0;
  private readonly names = new FrameworkNames();
  private readonly offers;
  private readonly offerAge;
  private readonly updates;
  private readonly starts;
  private readonly operations;

  constructor(
    metrics: Metrics,
    private readonly state: ClusterState,
    private readonly clock: Clock,
  ) {
    this.offers = metrics.counter('tranche_offers_total', 'Offers that ended, by the name of their framework', [
      'framework',
      'outcome',
    ]);
    this.offerAge = metrics.histogram('tranche_offer_age_seconds', 'Age of offers when they ended');
    this.updates = metrics.counter('tranche_task_updates_total', 'Status updates of tasks', [
      'state',
      'reason',
      'source',
    ]);
    this.starts = metrics.histogram(
      'tranche_task_start_duration_seconds',
      'From ACCEPT to TASK_RUNNING: all of it (total), to TASK_STARTING (queued), from there (starting)',
      ['phase'],
    );
    this.operations = metrics.counter('tranche_operations_total', 'Operations on resources, by the states they got', [
      'operation',
      'state',
    ]);
    exposeState(metrics, state);
  }

  framework(_record: FrameworkRecord): void {
    this.newest++;
  }

  offerMade(_offer: OfferRecord): void {
    this.newest++;
  }

  offerEnded(offer: OfferRecord, outcome: OfferOutcome): void {
    this.newest++;
    const { frameworks } = this.state;
    const framework = frameworks.get(offer.frameworkId) ?? frameworks.completed(offer.frameworkId);
    const name = framework === undefined ? 'other' : this.names.labelOf(framework.record.info.name);
    this.offers.inc({ framework: name, outcome });
    this.offerAge.observe((this.clock.nowMs() - offer.madeAtMs) / 1000);
  }

  inverseOfferMade(): void {
    this.newest++;
  }

  inverseOfferEnded(): void {
    this.newest++;
  }

  taskLaunched(_task: Task): void {
    this.newest++;
  }

  taskUpdated({ record }: Task, status?: TaskStatus): void {
    this.newest++;
    if (status === undefined) return;
    const { state, reason = 'none', source = 'none' } = status;
    this.updates.inc({ state, reason, source });
    const startedAtMs = record.runningAtMs;
    // Only the first TASK_RUNNING is the start; the health of a running task is reported in the same state.
    if (state === 'TASK_RUNNING' && startedAtMs !== undefined && startedAtMs === seconds(status) * 1000) {
      this.observeStart(record, startedAtMs);
    }
  }

  private observeStart({ launchedAtMs, statuses }: Task['record'], runningAtMs: number): void {
    const observe = (phase: string, fromMs: number, toMs: number): void =>
      this.starts.observe({ phase }, Math.max(0, toMs - fromMs) / 1000);
    observe('total', launchedAtMs, runningAtMs);
    const starting = statuses.find(({ state }) => state === 'TASK_STARTING');
    if (starting === undefined) return;
    const startingAtMs = seconds(starting) * 1000;
    observe('queued', launchedAtMs, startingAtMs);
    observe('starting', startingAtMs, runningAtMs);
  }

  executorIdle(): void {
    this.newest++;
  }

  executorEnded(): void {}

  operationUpdated({ record }: Operation, status?: OperationStatus): void {
    this.newest++;
    if (status !== undefined) this.operations.inc({ operation: record.info.type ?? 'UNKNOWN', state: status.state });
  }

  operationForgotten(): void {
    this.newest++;
  }

  totalChanged(): void {
    this.newest++;
  }

  forgotten(): void {
    this.newest++;
  }
}

const seconds = ({ timestamp }: TaskStatus): number => (typeof timestamp === 'number' ? timestamp : 0);
