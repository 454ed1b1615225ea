import type { TaskState } from '@tranche/mesos-api';
import { baseUnitOf, excess, inBaseUnits, type Resources } from '@tranche/resources';
import type { Metrics } from '@tranche/telemetry';
import { AgentCounts } from './agent-counts.js';
import type { AgentState } from './checkpoint/agent-state.js';
import type { AgentResources } from './operations/agent-resources.js';
import type { SandboxSizes } from './sandbox/gc/sandbox-sizes.js';
import type { Capacity } from './tasks/capacity.js';
import type { StatusChange } from './tasks/status-change.js';
import { isTerminal } from './tasks/task-state.js';

const RESOURCES = ['cpus', 'gpus', 'mem', 'disk'] as const;

/** From a small image in the next room to a large one from far away. */
const PULL_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 600];

/** What the agent counts and measures of itself. Labels are bounded: no ids. */
export class AgentCounters {
  /** Tasks that have ended since the agent's start, by their last state. */
  readonly ended = new Map<TaskState, number>();
  readonly counts = new AgentCounts();
  private readonly starts;
  private readonly oomKills;
  private readonly checkpoints;
  private readonly pulls;

  constructor(private readonly metrics: Metrics) {
    this.starts = metrics.counter('tranche_container_starts_total', 'Containers that were to be started', ['outcome']);
    this.oomKills = metrics.counter('tranche_oom_kills_total', 'Containers ended by their memory limit');
    this.checkpoints = metrics.histogram(
      'tranche_checkpoint_duration_seconds',
      'Time until what was written down is safe on disk',
    );
    this.pulls = metrics.histogram(
      'tranche_image_pull_duration_seconds',
      'Time from the first question to a registry to the image being unpacked, or given up',
      ['outcome'],
      PULL_BUCKETS,
    );
  }

  /** A pull has ended. */
  pulled(durationMs: number, ok: boolean): void {
    this.pulls.observe({ outcome: ok ? 'pulled' : 'failed' }, durationMs / 1000);
  }

  /** What the layers of all images take, read when somebody asks. */
  watchImages(store: { readonly bytes: number }): void {
    const gauge: { set(labels: object, value: number): void } = this.metrics.gauge(
      'tranche_image_cache_bytes',
      'What the layers of all images take on disk',
      [],
      () => gauge.set({}, store.bytes),
    );
  }

  /** Counts a status that was made. */
  observe(change: StatusChange): void {
    this.counts.validStatusUpdates += 1;
    if (change.state === 'TASK_RUNNING') this.starts.inc({ outcome: 'started' });
    if (change.reason === 'REASON_CONTAINER_LAUNCH_FAILED') this.starts.inc({ outcome: 'failed' });
    if (change.reason === 'REASON_CONTAINER_LIMITATION_MEMORY') this.oomKills.inc();
    if (isTerminal(change.state)) this.ended.set(change.state, (this.ended.get(change.state) ?? 0) + 1);
  }

  checkpointed(durationMs: number): void {
    this.checkpoints.observe(durationMs / 1000);
  }

  /** As they were when the disk was last looked at: nothing is measured because somebody asks. */
  watchSandboxes(sizes: Pick<SandboxSizes, 'bytes'>): void {
    const gauge: { set(labels: object, value: number): void } = this.metrics.gauge(
      'tranche_sandbox_bytes',
      'What all sandboxes take on disk, those of ended tasks that were not collected yet included; 0 until the first look at the disk',
      [],
      () => gauge.set({}, sizes.bytes ?? 0),
    );
  }

  /** Gauges that are read when somebody asks. */
  watch(state: AgentState, capacity: Capacity, resources: Pick<AgentResources, 'unfit'>): void {
    const tasks = this.metrics.gauge('tranche_containers', 'Containers by the state of their task', ['state'], () => {
      tasks.reset();
      for (const task of state.tasks()) if (!isTerminal(task.state)) tasks.inc({ state: task.state });
    });
    const labels = ['resource', 'unit', 'kind'] as const;
    const amounts = this.metrics.gauge('tranche_agent_resources', 'What the agent has', labels, () => {
      set(capacity.total, 'total');
      set(capacity.allocated, 'used');
      set(resources.unfit, 'unavailable');
    });
    const pending: { set(labels: object, value: number): void } = this.metrics.gauge(
      'tranche_config_pending',
      'Resources of which the agent has less than its tasks, reservations and volumes hold: the new amount waits for them',
      [],
      () => pending.set({}, pendingNames(capacity, resources).size),
    );
    const set = (held: Resources, kind: string): void => {
      for (const resource of RESOURCES) {
        amounts.set({ resource, unit: baseUnitOf(resource), kind }, inBaseUnits(resource, held.scalarMilli(resource)));
      }
    };
  }
}

/** What is configured and not yet in force, because something holds more of it. */
function pendingNames({ allocated, total }: Capacity, { unfit }: Pick<AgentResources, 'unfit'>): Set<string> {
  return new Set([...excess(allocated, total), ...unfit].map(({ name }) => name));
}
