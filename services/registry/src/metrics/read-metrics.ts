import { machineLoad } from '@tranche/http';
import type { Clock } from '@tranche/telemetry';
import type { AgentCounters } from '../agents/agent-counters.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { EventStreams } from '../operator-api/event-streams.js';
import type { OtherMetrics } from './other-metrics.js';
import { masterMetrics } from './master-metrics.js';

/** Reads the metrics of `/metrics/snapshot` as they are now. */
export class ReadMetrics {
  private readonly startedAtMs: number;

  constructor(
    private readonly model: ClusterModel,
    private readonly counters: AgentCounters,
    private readonly clock: Clock,
    private readonly streams: Pick<EventStreams, 'size'>,
    private readonly others: OtherMetrics,
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
    const subscribers = { 'master/operator_event_stream_subscribers': this.streams.size };
    return Object.entries({ ...own, ...subscribers, ...(await this.others.read()) }).toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    );
  }
}
