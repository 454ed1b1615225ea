// size: the one composition root of a service with five subjects; each is a list of providers of its own.
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { OffersSnapshotV1 } from '@tranche/contracts';
import { followSource, MessageBus, type ServiceHost, SourceFollower } from '@tranche/messaging';
import { LogVerbosity, type TimerClock } from '@tranche/telemetry';
import { ActionsApiController } from './actions/actions-api.controller.js';
import { newAgentCounters } from './agents/agent-counters.js';
import { AgentLiveness } from './agents/agent-liveness.js';
import { AgentRoster } from './agents/agent-roster.js';
import { AgentWatch } from './agents/agent-watch.js';
import { AgentsConsumer } from './agents/agents.consumer.js';
import { ChangeAgentState } from './agents/change-agent-state.js';
import { NoteHeartbeats } from './agents/note-heartbeats.js';
import { RegisterAgent } from './agents/register-agent.js';
import { removalIntervalMs } from './agents/removal/removal-rate.js';
import { RosterLog } from './agents/roster-log.js';
import { SweepAgents } from './agents/sweep-agents.js';
import { TakeTotals } from './agents/take-totals.js';
import { UnregisterAgents } from './agents/unregister-agents.js';
import { type ClusterInfo, masterHead } from './cluster-info/cluster-info.js';
import { ClusterInfoController } from './cluster-info/cluster-info.controller.js';
import { ClusterDocuments } from './documents/cluster-documents.js';
import { DocumentRefresher } from './documents/document-refresher.js';
import { EventLog } from './events/event-log.js';
import { EventsApiController } from './events/events-api.controller.js';
import { NoteEvents } from './events/note-events.js';
import type { Saved } from './draining/operator-order.js';
import { DeactivateAgent } from './draining/deactivate-agent.js';
import { DrainAgent } from './draining/drain-agent.js';
import { MarkAgentGone } from './draining/mark-agent-gone.js';
import { ClusterFactsConsumer } from './model/cluster-facts.consumer.js';
import { ClusterModel } from './model/cluster-model.js';
import { ChangeMaintenance } from './maintenance/change-maintenance.js';
import { InverseOfferAnswers } from './maintenance/inverse-offer-answers.js';
import { MaintenanceBook } from './maintenance/maintenance-book.js';
import type { MaintenanceStore } from './maintenance/maintenance-store.port.js';
import { ReadMaintenance } from './maintenance/read-maintenance.js';
import { MaintenanceController } from './maintenance/maintenance.controller.js';
import { exposeCluster, exposeSubscribers } from './metrics/cluster-gauges.js';
import { MetricsSnapshotController } from './metrics/metrics-snapshot.controller.js';
import { OtherMetrics } from './metrics/other-metrics.js';
import { ReadMetrics } from './metrics/read-metrics.js';
import { LogsController } from './logs/logs.controller.js';
import { OwnLog } from './logs/own-log.js';
import type { OperatorScene } from './operator-api/answer-call.js';
import { AskedServices } from './operator-api/asked-services.js';
import { EventStreams } from './operator-api/event-streams.js';
import { RenderedState } from './operator-api/rendered-state.js';
import { OperatorApiController } from './operator-api/operator-api.controller.js';
import { agentOrders, type OperatorOrders } from './operator-api/operator-orders.js';
import { ImagesApiController } from './images/images-api.controller.js';
import { AgentRelay } from './relay/agent-relay.js';
import { AgentRelayController } from './relay/agent-relay.controller.js';
import { NodeAgentHttp } from './relay/agent-http.node.js';
import { secureAgents } from './relay/secure-agents.js';
import { TaskFiles } from './relay/task-files.js';
import { TaskExecController } from './exec/task-exec.controller.js';
import { TaskRelayController } from './relay/task-relay.controller.js';
import { shownToAgents } from './relay/shown-to-agents.js';
import { liveTasksOn } from './rest/agent-view.js';
import { AgentsApiController } from './rest/agents-api.controller.js';
import { MaintenanceApiController } from './rest/maintenance-api.controller.js';
import type { RegistryConfig } from './registry.config.js';
import { MeshServices, presentAgents } from './services/mesh-services.js';
import { ReplicasHeard } from './services/replicas-heard.js';
import { ServicesApiController } from './services/services-api.controller.js';
import {
  AGENT_COUNTERS,
  CLOCK,
  CLUSTER_INFO,
  LOGGER,
  OPERATOR_ORDERS,
  OPERATOR_SCENE,
  QUEUE_DEPTHS,
  SAVED,
} from './tokens.js';
import { MeshTraces, meshTracesOf } from './traces/mesh-traces.js';

/** What the registry's process gives to its parts. */
export interface RegistryParts {
  readonly config: RegistryConfig;
  readonly host: ServiceHost;
  readonly info: ClusterInfo;
  readonly clock: TimerClock;
  readonly maintenance: MaintenanceStore;
  /** Settles when what was changed so far is in the database. */
  readonly saved: Saved;
}

/** Joins ports to adapters; everything else gets what it needs as parameters. */
@Module({})
export class AppModule {
  static with(parts: RegistryParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        AgentsConsumer,
        ClusterFactsConsumer,
        ClusterInfoController,
        MaintenanceController,
        MetricsSnapshotController,
        OperatorApiController,
        LogsController,
        AgentsApiController,
        ActionsApiController,
        EventsApiController,
        MaintenanceApiController,
        AgentRelayController,
        ImagesApiController,
        ServicesApiController,
        TaskRelayController,
        TaskExecController,
      ],
      providers: [
        ...edges(parts),
        ...agents(parts),
        ...orders(parts),
        ...readModel(parts),
        ...snapshotMetrics(parts),
        ...maintenanceOf(parts),
        ...operatorApi(parts),
        ...relay(parts),
        ...mesh(parts),
      ],
    };
  }
}

const edges = ({ host, info, clock }: RegistryParts): Provider[] => [
  { provide: MessageBus, useValue: host.bus },
  { provide: AskedServices, useFactory: () => new AskedServices(host.bus, host.partitions) },
  { provide: CLUSTER_INFO, useValue: info },
  { provide: CLOCK, useValue: clock },
  { provide: LOGGER, useValue: host.logger },
  { provide: AGENT_COUNTERS, useFactory: newAgentCounters },
];

const agents = ({ config, host, info }: RegistryParts): Provider[] => [
  {
    provide: AgentRoster,
    useFactory: () => {
      const roster = new AgentRoster(info.clusterId);
      roster.observe(new RosterLog(host.logger));
      return roster;
    },
  },
  {
    provide: AgentLiveness,
    useFactory: () =>
      new AgentLiveness(config.agentPingTimeoutMs, {
        quietAfter: config.agentQuietPings,
        silentAfter: config.agentMaxPingTimeouts,
      }),
  },
  construct(ChangeAgentState, [AgentRoster, MessageBus, CLOCK]),
  construct(RegisterAgent, [
    AgentRoster,
    AgentLiveness,
    ChangeAgentState,
    MessageBus,
    CLOCK,
    AGENT_COUNTERS,
    MaintenanceBook,
  ]),
  construct(TakeTotals, [AgentRoster]),
  construct(UnregisterAgents, [AgentRoster, AgentLiveness, ChangeAgentState, AGENT_COUNTERS]),
  {
    provide: NoteHeartbeats,
    inject: [AgentRoster, AgentLiveness],
    useFactory: (roster: AgentRoster, liveness: AgentLiveness) =>
      new NoteHeartbeats(roster, liveness, host.bus, (agentId, error) => {
        host.logger.info('an agent that has to register cannot be told', { agentId, error });
      }),
  },
  {
    provide: SweepAgents,
    inject: [AgentRoster, AgentLiveness, ChangeAgentState, CLOCK, AGENT_COUNTERS],
    useFactory: (...given: Parts<typeof SweepAgents, 5>) =>
      new SweepAgents(...given, {
        reregisterTimeoutMs: config.agentReregisterTimeoutMs,
        retentionMs: config.agentRetentionMs,
        removalIntervalMs: removalIntervalMs(config.agentRemovalRate),
      }),
  },
  {
    provide: AgentWatch,
    inject: [SweepAgents],
    useFactory: (sweep: SweepAgents) => new AgentWatch(sweep, config.agentPingTimeoutMs),
  },
];

const orders = ({ host, clock, saved }: RegistryParts): Provider[] => {
  const onUntold = (agentId: string, error: unknown): void => {
    host.logger.info('an agent cannot be told of an order now, it is when it registers', { agentId, error });
  };
  return [
    {
      provide: MarkAgentGone,
      inject: [AgentRoster, AgentLiveness, ChangeAgentState],
      useFactory: (roster: AgentRoster, liveness: AgentLiveness, changeState: ChangeAgentState) =>
        new MarkAgentGone(roster, liveness, changeState, host.bus, onUntold),
    },
    {
      provide: DrainAgent,
      inject: [AgentRoster, ChangeAgentState, MarkAgentGone],
      useFactory: (roster: AgentRoster, changeState: ChangeAgentState, gone: MarkAgentGone) =>
        new DrainAgent(roster, changeState, gone, host.bus, clock, onUntold),
    },
    { provide: SAVED, useValue: saved },
    construct(DeactivateAgent, [AgentRoster, ChangeAgentState]),
    {
      provide: OPERATOR_ORDERS,
      inject: [DrainAgent, DeactivateAgent, MarkAgentGone, ClusterModel],
      useFactory: (drain: DrainAgent, deactivate: DeactivateAgent, gone: MarkAgentGone, model: ClusterModel) =>
        agentOrders({ drain, deactivate, gone, tasksOn: (agentId) => liveTasksOn(model, agentId) }),
    },
  ];
};

const readModel = ({ config, host, info, clock }: RegistryParts): Provider[] => [
  {
    provide: ClusterModel,
    inject: [AgentRoster],
    useFactory: (roster: AgentRoster) => {
      const model = new ClusterModel(config);
      roster.observe(model.agents);
      exposeCluster(host.metrics, model);
      return model;
    },
  },
  {
    provide: ClusterDocuments,
    inject: [ClusterModel],
    useFactory: (model: ClusterModel) => new ClusterDocuments(model, masterHead(info)),
  },
  construct(RenderedState, [ClusterModel, ClusterDocuments]),
  {
    provide: EventStreams,
    inject: [ClusterModel, RenderedState],
    useFactory: (model: ClusterModel, state: RenderedState) => {
      const streams = new EventStreams(model, state, host.logger);
      exposeSubscribers(host.metrics, streams);
      return streams;
    },
  },
  {
    provide: EventLog,
    inject: [ClusterModel, AgentRoster],
    useFactory: (model: ClusterModel, roster: AgentRoster) => {
      const log = new EventLog(() => clock.nowMs());
      const notes = new NoteEvents(log, model);
      model.observe(notes);
      roster.observe(notes);
      return log;
    },
  },
  construct(DocumentRefresher, [ClusterDocuments]),
  {
    provide: SourceFollower,
    inject: [ClusterModel, InverseOfferAnswers, TakeTotals],
    useFactory: (model: ClusterModel, answers: InverseOfferAnswers, totals: TakeTotals) =>
      followSource(
        {
          contract: OffersSnapshotV1,
          request: { withTasks: true },
          replace: (snapshot, partition) => {
            model.replace(snapshot, partition);
            answers.replace(snapshot, partition);
            totals.replace(snapshot);
          },
        },
        host,
      ),
  },
];

const snapshotMetrics = ({ host }: RegistryParts): Provider[] => [
  { provide: OtherMetrics, useFactory: () => new OtherMetrics(host.bus, host.partitions) },
  {
    provide: ReadMetrics,
    inject: [ClusterModel, AGENT_COUNTERS, CLOCK, EventStreams, OtherMetrics],
    useFactory: (...given: Parts<typeof ReadMetrics, 5>) => new ReadMetrics(...given, host.metrics),
  },
];

const maintenanceOf = ({ host, maintenance: store }: RegistryParts): Provider[] => [
  construct(MaintenanceBook, []),
  construct(InverseOfferAnswers, []),
  {
    provide: ChangeMaintenance,
    inject: [MaintenanceBook, AgentRoster, ChangeAgentState, AgentLiveness, InverseOfferAnswers],
    useFactory: (
      book: MaintenanceBook,
      roster: AgentRoster,
      changeState: ChangeAgentState,
      liveness: AgentLiveness,
      answers: InverseOfferAnswers,
    ) => new ChangeMaintenance({ book, store, roster, changeState, liveness, answers, bus: host.bus }),
  },
  construct(ReadMaintenance, [MaintenanceBook, AgentRoster, InverseOfferAnswers, ClusterModel]),
];

const operatorApi = ({ host, info, clock, saved }: RegistryParts): Provider[] => [
  { provide: OwnLog, useFactory: () => new OwnLog(info.logFile) },
  { provide: LogVerbosity, useFactory: () => new LogVerbosity(host.logger, clock) },
  {
    provide: OPERATOR_SCENE,
    inject: [
      ...[ReadMetrics, ClusterModel, OPERATOR_ORDERS, ReadMaintenance, ChangeMaintenance],
      ...[AskedServices, OwnLog, LogVerbosity],
    ],
    useFactory: (
      metrics: ReadMetrics,
      model: ClusterModel,
      orders: OperatorOrders,
      maintenance: ReadMaintenance,
      changeMaintenance: ChangeMaintenance,
      services: AskedServices,
      log: OwnLog,
      verbosity: LogVerbosity,
    ): OperatorScene => ({
      ...{ info, saved, metrics, model, orders, maintenance, changeMaintenance, services, log, verbosity },
    }),
  },
];

const relay = ({ host, config }: RegistryParts): Provider[] => [
  {
    provide: NodeAgentHttp,
    useFactory: () => new NodeAgentHttp(shownToAgents(config), secureAgents(config, host.logger)),
  },
  construct(AgentRelay, [AgentRoster, NodeAgentHttp]),
  construct(TaskFiles, [ClusterModel]),
];

/** What is asked of all parts of the mesh, one by one. */
const mesh = ({ host, clock }: RegistryParts): Provider[] => [
  {
    provide: MeshTraces,
    inject: [MessageBus, ClusterModel],
    useFactory: (bus: MessageBus, model: ClusterModel) => meshTracesOf(bus, model, host.partitions),
  },
  { provide: ReplicasHeard, useFactory: () => new ReplicasHeard(() => clock.nowMs()) },
  {
    provide: MeshServices,
    inject: [MessageBus, ReplicasHeard, ClusterModel],
    useFactory: (bus: MessageBus, replicas: ReplicasHeard, model: ClusterModel) =>
      new MeshServices(bus, replicas, () => presentAgents(model), host.partitions),
  },
  { provide: QUEUE_DEPTHS, useValue: (queues: readonly string[]) => host.queueDepths(queues) },
];

type Class<A extends readonly unknown[], T> = new (...args: A) => T;

/** The first N constructor parameters of a class. */
type Parts<C, N extends number> =
  C extends Class<infer A, unknown>
    ? A extends readonly [...infer F, unknown]
      ? F['length'] extends N
        ? F
        : never
      : never
    : never;

/** A provider that constructs its class from others, in the order of its parameters. */
function construct<A extends readonly unknown[], T>(
  provide: Class<A, T>,
  inject: readonly (symbol | (abstract new (...args: never[]) => unknown))[],
): Provider {
  return { provide, inject: [...inject], useFactory: (...args: unknown[]) => new provide(...(args as unknown as A)) };
}
