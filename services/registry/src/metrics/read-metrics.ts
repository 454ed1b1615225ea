import { machineLoad } from '@tranche/http';
import type { Clock, Metrics } from '@tranche/telemetry';
import type { AgentCounters } from '../agents/agent-counters.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { EventStreams } from '../operator-api/event-streams.js';
import type { OtherMetrics } from './other-metrics.js';
import { masterMetrics } from './master-metrics.js';

const DROPPED = 'master/dropped_messages';

/** Reads the metrics of `/metrics/snapshot` as they are now. */
export class ReadMetrics {
  private readonly startedAtMs: number;

  constructor(
    private readonly model: ClusterModel,
    private readonly counters: AgentCounters,
    private readonly clock: Clock,
    private readonly streams: Pick<EventStreams, 'size'>,
    private readonly others: Pick<OtherMetrics, 'read'>,
    private readonly metrics: Pick<Metrics, 'totalOf'>,
  ) {
    this.startedAtMs = clock.nowMs();
  }

  /** By name. What other services count is zero while they are away. */
  async read(): Promise<[name: string, value: number][]> {
    const own = masterMetrics({
      model: this.model,
      agents: this.counters,
      uptimeMs: this.clock.nowMs() - this.startedAtMs,
      machine: machineLoad(),
    });
    const others = await this.others.read();
    const more = {
      'master/operator_event_stream_subscribers': this.streams.size,
      // Dead letters: what could not be handled is dropped here and by the others.
      [DROPPED]: (others[DROPPED] ?? 0) + (await this.metrics.totalOf('tranche_dead_letters_total')),
    };
    return Object.entries({ ...own, ...others, ...more }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
