import type { AgentView } from '@tranche/contracts';
import type { ApiClient } from '../../api/api-client.js';
import { CliError } from '../../cli.errors.js';

/** A part of `GET /v1/agents/ID/monitor/statistics`: the agent's own, under Mesos' names. */
interface ExecutorStatistics {
  readonly executor_id: string;
  readonly framework_id: string;
  readonly statistics?: {
    readonly cpus_system_time_secs?: number;
    readonly cpus_user_time_secs?: number;
    readonly mem_rss_bytes?: number;
    /** Seconds since the epoch. */
    readonly timestamp?: number;
  };
}

/** What an executor has used until a moment. */
export interface Sample {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly cpuSeconds: number;
  readonly memBytes: number;
  readonly atSeconds: number;
}

/** What an executor uses. */
export interface Usage extends Pick<Sample, 'agentId' | 'frameworkId' | 'executorId' | 'memBytes'> {
  /** Average of the time between two samples; undefined with only one. */
  readonly cpus: number | undefined;
}

export interface Samples {
  readonly samples: readonly Sample[];
  /** Host names of agents that did not answer. */
  readonly silent: readonly string[];
}

/** What all executors have used, from the agents that are there. An agent that does not answer is named, not waited for by the others. */
export async function takeSamples(
  api: ApiClient,
  agents: readonly Pick<AgentView, 'id' | 'hostname' | 'state' | 'tasks'>[],
): Promise<Samples> {
  const silent: string[] = [];
  const samples = await Promise.all(
    agents
      .filter(({ state, tasks }) => tasks > 0 && (state === 'active' || state === 'deactivated'))
      .map(async ({ id, hostname }) => {
        try {
          const path = `/v1/agents/${encodeURIComponent(id)}/monitor/statistics`;
          return (await api.get<ExecutorStatistics[]>(path)).map((one) => sampleOf(id, one));
        } catch (error) {
          if (!(error instanceof CliError)) throw error;
          silent.push(hostname);
          return [];
        }
      }),
  );
  return { samples: samples.flat(), silent };
}

function sampleOf(agentId: string, { executor_id, framework_id, statistics = {} }: ExecutorStatistics): Sample {
  const { cpus_user_time_secs = 0, cpus_system_time_secs = 0, mem_rss_bytes = 0, timestamp = 0 } = statistics;
  return {
    ...{ agentId, frameworkId: framework_id, executorId: executor_id },
    ...{ cpuSeconds: cpus_user_time_secs + cpus_system_time_secs, memBytes: mem_rss_bytes, atSeconds: timestamp },
  };
}

const keyOf = ({ agentId, frameworkId, executorId }: Sample): string =>
  JSON.stringify([agentId, frameworkId, executorId]);

/** What has been used between two times; an executor that was not there at the first has no rate yet. */
export function usagesOf(before: readonly Sample[], now: readonly Sample[]): Usage[] {
  const earlier = new Map(before.map((sample) => [keyOf(sample), sample]));
  return now.map((sample) => {
    const first = earlier.get(keyOf(sample));
    const seconds = first === undefined ? 0 : sample.atSeconds - first.atSeconds;
    const cpus = first === undefined || seconds <= 0 ? undefined : (sample.cpuSeconds - first.cpuSeconds) / seconds;
    const { agentId, frameworkId, executorId, memBytes } = sample;
    return { agentId, frameworkId, executorId, memBytes, cpus: cpus === undefined ? undefined : Math.max(0, cpus) };
  });
}
