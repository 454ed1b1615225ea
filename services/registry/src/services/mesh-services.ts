import {
  DescribeServiceV1,
  type LogLineRecord,
  type PartitionCounts,
  partitionQueueOf,
  partitionsOf,
  type QueryContract,
  queueOf,
  ReadLogV1,
  ReadMetricsV1,
  ReadSettingsV1,
  replicaQueueOf,
  type ServicePart,
  type ServiceView,
  type SettingRecord,
} from '@tranche/contracts';
import { problem, ProblemError } from '@tranche/http';
import type { MessageBus } from '@tranche/messaging';
import { statedRecord } from '../agents/known-agent.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { ReplicasHeard } from './replicas-heard.js';

/** Who has not answered by then is named as missing. */
const ANSWER_TIMEOUT_MS = 2_000;

/** More agents than this are not asked at once. */
const MAX_AGENTS = 100;

const SERVICES = ['allocator', 'offers', 'quota', 'registry'] as const;

/** Somebody who can be asked what he is. */
interface Part {
  readonly id: string;
  readonly service: string;
  readonly queue: string;
  readonly replica?: string;
}

/** Asks all services, what works on their partitions, replicas that wait, and agents, what they are. Over the mesh, each for two seconds at most. */
export class MeshServices {
  /** @param agents ids of those that take messages */
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly replicas: Pick<ReplicasHeard, 'all'>,
    private readonly agents: () => Iterable<string>,
    private readonly partitions: PartitionCounts = {},
  ) {}

  /** Agents only when they are asked for. Who does not answer is among them, as `missing`. */
  list(isWanted: (service: string) => boolean, withAgents: boolean): Promise<ServiceView[]> {
    const parts = withAgents ? [...this.agents()].slice(0, MAX_AGENTS).map(partOfAgent) : [];
    for (const part of this.parts()) if (isWanted(part.service)) parts.push(part);
    return Promise.all(parts.map((part) => this.view(part)));
  }

  /** @returns undefined for an id that nobody has */
  async one(id: string): Promise<ServiceView | undefined> {
    const part = this.find(id);
    return part === undefined ? undefined : this.view(part);
  }

  /** @returns undefined for an id that nobody has. @throws ProblemError 503 when it does not answer */
  settings(id: string): Promise<readonly SettingRecord[] | undefined> {
    return this.told(id, ReadSettingsV1, ({ settings }) => settings);
  }

  /** In the text format of Prometheus; else as `settings`. */
  metrics(id: string): Promise<string | undefined> {
    return this.told(id, ReadMetricsV1, ({ text }) => text);
  }

  /** Oldest first; else as `settings`. */
  log(id: string): Promise<readonly LogLineRecord[] | undefined> {
    return this.told(id, ReadLogV1, ({ lines }) => lines);
  }

  /** Queues that somebody takes from, apart from those of agents. */
  queues(): string[] {
    return [...new Set(this.parts().map(({ queue }) => queue))];
  }

  private find(id: string): Part | undefined {
    if (!id.startsWith('agent.')) return this.parts().find((part) => part.id === id);
    for (const agentId of this.agents()) if (`agent.${agentId}` === id) return partOfAgent(agentId);
    return undefined;
  }

  private parts(): Part[] {
    const active = SERVICES.flatMap((service) =>
      partitionsOf(this.partitions[service] ?? 1).map(({ index }) => {
        const queue = partitionQueueOf(service, index);
        return { id: queue, service, queue };
      }),
    );
    // Who works on all of its service has answered for its process already.
    const others = this.replicas.all().filter(({ partitions, owned }) => partitions > 1 || owned.length === 0);
    return [
      ...active,
      ...others.map(({ service, replicaId }) => ({
        ...{ id: replicaId, service, replica: replicaId, queue: replicaQueueOf(replicaId) },
      })),
    ];
  }

  private async view({ id, service, queue, replica }: Part): Promise<ServiceView> {
    try {
      return viewOf(id, await this.ask(DescribeServiceV1, queue));
    } catch (error) {
      const missing = `does not answer: ${(error as Error).message}`;
      return { id, service, ...(replica === undefined ? {} : { replica }), ready: false, dependencies: {}, missing };
    }
  }

  private async told<A, T>(
    id: string,
    contract: QueryContract<object, A>,
    read: (answer: A) => T,
  ): Promise<T | undefined> {
    const part = this.find(id);
    if (part === undefined) return undefined;
    try {
      return read(await this.ask(contract, part.queue));
    } catch (error) {
      const detail = `${id} does not answer: ${(error as Error).message}`;
      throw new ProblemError(problem(503, 'service.away', 'Service away', detail, { retryAfterSeconds: 5 }));
    }
  }

  private ask<A>(contract: QueryContract<object, A>, queue: string): Promise<A> {
    return this.bus.ask(contract, queue, {}, { timeoutMs: ANSWER_TIMEOUT_MS });
  }
}

/** Ids of the agents that take messages. */
export const presentAgents = (model: ClusterModel): string[] =>
  Array.from(model.agents.known(), ({ known }) => statedRecord(known))
    .filter(({ state }) => state !== 'removed' && state !== 'gone')
    .map(({ agentId }) => agentId);

const partOfAgent = (agentId: string): Part => {
  const queue = queueOf('agent', agentId);
  return { id: queue, service: 'agent', queue };
};

/** An agent of the local cluster calls itself by the name of its host: its kind is what is asked for. */
const viewOf = (id: string, { service, startedAtMs, ...part }: ServicePart): ServiceView => ({
  id,
  service: id.startsWith('agent.') ? 'agent' : service,
  ...part,
  startedAt: new Date(startedAtMs).toISOString(),
});
