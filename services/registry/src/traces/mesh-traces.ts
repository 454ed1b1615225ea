import {
  ListTracesV1,
  type PartitionCounts,
  partitionQueueOf,
  partitionsOf,
  queueOf,
  ReadTraceV1,
  type TraceItemView,
  type TracePart,
  type TracePartView,
  type TraceSummary,
  type TraceView,
} from '@tranche/contracts';
import type { FoundTraces, ListedTraces, TraceSource } from '@tranche/http';
import type { MessageBus } from '@tranche/messaging';
import { ATTRIBUTE } from '@tranche/telemetry';
import type { AgentEntry } from '../model/agent-entry.js';
import type { ClusterModel } from '../model/cluster-model.js';
import { partOfService, summariesOfService } from './parts-of-service.js';

/** A service that has not answered by then is named as missing. */
const ANSWER_TIMEOUT_MS = 2_000;

/** A trace of more agents than this is shown without the rest of them. */
const MAX_AGENTS = 100;

const WHOLE_ID = /^[0-9a-f]{32}$/;

const SERVICES = ['registry', 'offers', 'allocator', 'quota'] as const;

/** An agent, as people call it. */
export interface TracedAgent {
  readonly agentId: string;
  readonly hostname: string;
}

/** What the registry knows of where a trace went. */
export interface TracePlaces {
  agent(agentId: string): TracedAgent | undefined;
  /** Agents of the tasks that a trace launched, and when the first of these was launched. */
  tasksOf(traceId: string): readonly { readonly agentId: string; readonly launchedAtMs: number }[];
  /** All agents that take messages. */
  agents(): Iterable<TracedAgent>;
}

/**
 * Puts together what all services, and the agents concerned, still have of a trace.
 *
 * Asked for over the mesh, so no service has to know another's address. Who does not answer, or has forgotten, is named.
 */
export class MeshTraces implements TraceSource {
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly places: TracePlaces,
    private readonly partitions: PartitionCounts = {},
  ) {}

  async read(prefix: string): Promise<TraceView | undefined> {
    const services = await Promise.all(SERVICES.map((service) => this.servicePart(service, prefix)));
    const traceId = WHOLE_ID.test(prefix) ? prefix : onlyTraceId(services);
    if (traceId === undefined) return undefined;
    const tasks = this.places.tasksOf(traceId);
    if (tasks.length === 0 && services.every(({ spans, logs }) => spans.length + logs.length === 0)) return undefined;
    const agentIds = new Set([...tasks.map(({ agentId }) => agentId), ...services.flatMap(agentsNamed)]);
    const agents = await Promise.all(
      [...agentIds].slice(0, MAX_AGENTS).map((agentId) => this.agentPart(agentId, traceId)),
    );
    const beganMs = beginningOf([...services, ...agents], tasks);
    return {
      traceId,
      parts: [...services, ...agents].map((part) => withMissing(part, beganMs)).filter(isWorthShowing),
    };
  }

  async list({ service, ...filter }: ListedTraces): Promise<FoundTraces> {
    const asked =
      service === 'agent'
        ? this.agentQueues()
        : servicesNamed(service).flatMap((name) => this.queuesOf(name).map((queue) => ({ name, queue })));
    const answers = await Promise.all(
      asked.map(async ({ name, queue }) => {
        try {
          const { traces } = await this.bus.ask(ListTracesV1, queue, filter, { timeoutMs: ANSWER_TIMEOUT_MS });
          return { name, traces };
        } catch (error) {
          return { name, traces: undefined, error };
        }
      }),
    );
    const items = merged(
      [...Map.groupBy(answers, ({ name }) => name)].flatMap(([name, told]) =>
        summariesOfService(told.flatMap(({ traces }) => traces ?? [])).map((trace) => ({ name, trace })),
      ),
    );
    return {
      items: items.toSorted((a, b) => b.endMs - a.endMs).slice(0, filter.limit),
      missing: [...new Set(answers.filter(({ traces }) => traces === undefined).map(({ name }) => name))],
    };
  }

  private agentQueues(): { readonly name: string; readonly queue: string }[] {
    return [...this.places.agents()]
      .slice(0, MAX_AGENTS)
      .map(({ agentId, hostname }) => ({ name: `agent ${hostname}`, queue: queueOf('agent', agentId) }));
  }

  private queuesOf(service: (typeof SERVICES)[number]): string[] {
    return partitionsOf(this.partitions[service] ?? 1).map(({ index }) => partitionQueueOf(service, index));
  }

  private async servicePart(service: (typeof SERVICES)[number], prefix: string): Promise<TracePartView> {
    const [first = queueOf(service), ...more] = this.queuesOf(service);
    const rest = more.map((queue) => this.part(service, queue, prefix));
    return partOfService([await this.part(service, first, prefix), ...(await Promise.all(rest))]);
  }

  private async agentPart(agentId: string, traceId: string): Promise<TracePartView> {
    const hostname = this.places.agent(agentId)?.hostname ?? agentId;
    return { ...(await this.part('agent', queueOf('agent', agentId), traceId)), service: 'agent', agentId, hostname };
  }

  private async part(service: string, queue: string, traceId: string): Promise<TracePartView> {
    try {
      return await this.bus.ask(ReadTraceV1, queue, { traceId }, { timeoutMs: ANSWER_TIMEOUT_MS });
    } catch (error) {
      // Whatever kept it from answering, the rest of the trace is shown all the same.
      const missing = `does not answer: ${(error as Error).message}`;
      return { service, spans: [], logs: [], dropped: 0, completeSinceMs: 0, missing };
    }
  }
}

const servicesNamed = (service: string | undefined): (typeof SERVICES)[number][] =>
  SERVICES.filter((name) => service === undefined || name === service);

/** The id that was meant; undefined when nobody knows it, or the services know several. */
function onlyTraceId(parts: readonly TracePartView[]): string | undefined {
  const ids = new Set(parts.map(({ traceId }) => traceId).filter((id) => id !== undefined));
  return ids.size === 1 ? [...ids][0] : undefined;
}

const agentsNamed = ({ spans }: TracePart): string[] =>
  spans.map(({ attributes }) => attributes[ATTRIBUTE.agentId]).filter((id) => typeof id === 'string');

function beginningOf(parts: readonly TracePart[], tasks: readonly { readonly launchedAtMs: number }[]): number {
  const starts = [
    ...parts.flatMap(({ spans }) => spans.map(({ startMs }) => startMs)),
    ...tasks.map(({ launchedAtMs }) => launchedAtMs),
  ];
  return starts.reduce((first, startMs) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
}

/** A part that cannot be whole says so. */
function withMissing(part: TracePartView, beganMs: number): TracePartView {
  if (part.missing !== undefined) return part;
  if (part.completeSinceMs > beganMs) {
    const since = new Date(part.completeSinceMs).toISOString();
    return {
      ...part,
      missing: part.spans.length === 0 ? 'spans no longer kept' : `spans before ${since} no longer kept`,
    };
  }
  return part.dropped === 0 ? part : { ...part, missing: `${part.dropped} more spans and log lines had no room` };
}

/** That `quota` has nothing to do with a task is not worth a word; that `offers` has forgotten it is. */
const isWorthShowing = ({ spans, logs, missing, service }: TracePartView): boolean =>
  spans.length > 0 || logs.length > 0 || (missing !== undefined && service !== 'quota' && service !== 'registry');

function merged(found: readonly { readonly name: string; readonly trace: TraceSummary }[]): TraceItemView[] {
  const byId = new Map<string, TraceItemView>();
  for (const { name, trace } of found) {
    const known = byId.get(trace.traceId);
    if (known === undefined) byId.set(trace.traceId, { ...trace, services: [name] });
    else byId.set(trace.traceId, join(known, trace, name));
  }
  return [...byId.values()];
}

function join(known: TraceItemView, trace: TraceSummary, service: string): TraceItemView {
  const first = trace.startMs < known.startMs ? trace : known;
  const error = known.error ?? trace.error;
  return {
    ...known,
    name: first.name,
    attributes: { ...trace.attributes, ...known.attributes, ...first.attributes },
    startMs: first.startMs,
    endMs: Math.max(known.endMs, trace.endMs),
    longestMs: Math.max(known.longestMs, trace.longestMs),
    spans: known.spans + trace.spans,
    ...(error === undefined ? {} : { error }),
    services: [...new Set([...known.services, service])],
  };
}

/** Where traces went, by the registry's read model. */
export function meshTracesOf(bus: MessageBus, model: ClusterModel, partitions?: PartitionCounts): MeshTraces {
  const traced = ({ agentId, known }: AgentEntry): TracedAgent | undefined =>
    known === undefined ? undefined : { agentId, hostname: known.record.hostname };
  const places: TracePlaces = {
    agent: (agentId) => {
      const entry = model.agents.get(agentId);
      return entry === undefined ? undefined : traced(entry);
    },
    tasksOf: (traceId) =>
      Array.from(model.allTasks(), ({ record }) => record).filter((record) => record.traceId === traceId),
    agents: () => Array.from(model.agents.known(), traced).filter((agent) => agent !== undefined),
  };
  return new MeshTraces(bus, places, partitions);
}
