import { AcknowledgeOperationStatusV1 } from './commands/operations/acknowledge-operation-status.v1.js';
import { AcknowledgeStatusV1 } from './commands/acknowledge-status.v1.js';
import { AgentDrainedV1 } from './commands/agents/agent-drained.v1.js';
import { DrainAgentV1 } from './commands/agents/drain-agent.v1.js';
import { ShutdownAgentV1 } from './commands/agents/shutdown-agent.v1.js';
import { AgentHeartbeatV1 } from './commands/agent-heartbeat.v1.js';
import { AgentUsageV1 } from './commands/agent-usage.v1.js';
import { EndRelayV1 } from './commands/mesh/end-relay.v1.js';
import { PaceRelayV1 } from './commands/mesh/pace-relay.v1.js';
import { RelayChunksV1 } from './commands/mesh/relay-chunks.v1.js';
import { DeliverMessageV1 } from './commands/executors/deliver-message.v1.js';
import { ForwardMessageV1 } from './commands/executors/forward-message.v1.js';
import { ReportExecutorEndV1 } from './commands/executors/report-executor-end.v1.js';
import { ShutdownExecutorV1 } from './commands/executors/shutdown-executor.v1.js';
import { ApplyOperationsV1 } from './commands/operations/apply-operations.v1.js';
import { KillTaskV1 } from './commands/kill-task.v1.js';
import { LaunchTaskGroupsV1 } from './commands/launch-task-groups.v1.js';
import { LaunchTasksV1 } from './commands/launch-tasks.v1.js';
import { AnswerInverseOffersV1 } from './commands/maintenance/answer-inverse-offers.v1.js';
import { MakeInverseOffersV1 } from './commands/maintenance/make-inverse-offers.v1.js';
import { MakeOffersV1 } from './commands/make-offers.v1.js';
import { NoteTaskDetailV1 } from './commands/note-task-detail.v1.js';
import { NoteTaskStatusV1 } from './commands/note-task-status.v1.js';
import { RecoverResourcesV1 } from './commands/recover-resources.v1.js';
import { ReportOperationStatusV1 } from './commands/operations/report-operation-status.v1.js';
import { ReportTaskStatusV1 } from './commands/report-task-status.v1.js';
import { ReregisterAgentV1 } from './commands/reregister-agent.v1.js';
import { RescindOffersV1 } from './commands/rescind-offers.v1.js';
import { ReviveOffersV1 } from './commands/revive-offers.v1.js';
import { ShutdownFrameworkV1 } from './commands/shutdown-framework.v1.js';
import { UnregisterAgentV1 } from './commands/unregister-agent.v1.js';
import { UpdateAllocationV1 } from './commands/operations/update-allocation.v1.js';
import { UpdateFrameworkV1 } from './commands/update-framework.v1.js';
import type { AnyContract, ServiceName } from './contract.js';
import { AgentRegisteredV1 } from './facts/agent-registered.v1.js';
import { AgentResourcesChangedV1 } from './facts/agent-resources-changed.v1.js';
import { AgentStateChangedV1 } from './facts/agent-state-changed.v1.js';
import { AgentUnavailabilityChangedV1 } from './facts/agent-unavailability-changed.v1.js';
import { FrameworkUpdatedV1 } from './facts/framework-updated.v1.js';
import { InverseOffersChangedV1 } from './facts/inverse-offers-changed.v1.js';
import { OffersChangedV1 } from './facts/offers-changed.v1.js';
import { OperationUpdatedV1 } from './facts/operation-updated.v1.js';
import { RoleConfigChangedV1 } from './facts/role-config-changed.v1.js';
import { TaskLaunchedV1 } from './facts/task-launched.v1.js';
import { TaskUpdatedV1 } from './facts/task-updated.v1.js';
import { MarkStatedV1 } from './facts/mark-stated.v1.js';
import { PassMarkV1 } from './commands/pass-mark.v1.js';
import { StateMarkV1 } from './commands/state-mark.v1.js';
import { PlaceTakenV1 } from './facts/mesh/place-taken.v1.js';
import { ReplicaSeenV1 } from './facts/mesh/replica-seen.v1.js';
import { OpenRelayV1 } from './queries/mesh/open-relay.v1.js';
import { RelayBodyV1 } from './queries/mesh/relay-body.v1.js';
import { RelayRequestV1 } from './queries/mesh/relay-request.v1.js';
import { ConvertFreeV1 } from './queries/convert-free.v1.js';
import { DescribeServiceV1 } from './queries/services/describe-service.v1.js';
import { ReadLogV1 } from './queries/services/read-log.v1.js';
import { ReadMetricsV1 } from './queries/services/read-metrics.v1.js';
import { ReadSettingsV1 } from './queries/services/read-settings.v1.js';
import { ListTracesV1 } from './queries/list-traces.v1.js';
import { AllocatorMetricsV1 } from './queries/allocator-metrics.v1.js';
import { OffersMetricsV1 } from './queries/offers-metrics.v1.js';
import { OffersSnapshotV1 } from './queries/offers-snapshot.v1.js';
import { OperateAgentV1 } from './queries/operate-agent.v1.js';
import { OperatorCallV1 } from './queries/operator-call.v1.js';
import { QuotaMetricsV1 } from './queries/quota-metrics.v1.js';
import { QuotaSnapshotV1 } from './queries/quota-snapshot.v1.js';
import { ReadTraceV1 } from './queries/read-trace.v1.js';
import { RegisterAgentV1 } from './queries/register-agent.v1.js';
import { RegistrySnapshotV1 } from './queries/registry-snapshot.v1.js';
import { TeardownFrameworkV1 } from './queries/teardown-framework.v1.js';
import { YieldResourcesV1 } from './queries/yield-resources.v1.js';

/** Every message of the mesh. Exchanges, queues, routing keys, docs/messages.md and the contract tests derive from this list. */
export const CONTRACTS: readonly AnyContract[] = [
  AgentRegisteredV1,
  AgentStateChangedV1,
  AgentUnavailabilityChangedV1,
  FrameworkUpdatedV1,
  TaskLaunchedV1,
  TaskUpdatedV1,
  OperationUpdatedV1,
  AgentResourcesChangedV1,
  OffersChangedV1,
  InverseOffersChangedV1,
  RoleConfigChangedV1,
  MarkStatedV1,
  AgentHeartbeatV1,
  UnregisterAgentV1,
  AgentDrainedV1,
  RecoverResourcesV1,
  UpdateAllocationV1,
  ReviveOffersV1,
  AgentUsageV1,
  AnswerInverseOffersV1,
  PassMarkV1,
  MakeOffersV1,
  MakeInverseOffersV1,
  RescindOffersV1,
  StateMarkV1,
  ReportTaskStatusV1,
  NoteTaskStatusV1,
  NoteTaskDetailV1,
  ForwardMessageV1,
  ReportExecutorEndV1,
  ReportOperationStatusV1,
  LaunchTasksV1,
  LaunchTaskGroupsV1,
  ApplyOperationsV1,
  KillTaskV1,
  AcknowledgeStatusV1,
  ShutdownExecutorV1,
  DeliverMessageV1,
  AcknowledgeOperationStatusV1,
  UpdateFrameworkV1,
  ShutdownFrameworkV1,
  ReregisterAgentV1,
  DrainAgentV1,
  ShutdownAgentV1,
  RegisterAgentV1,
  RegistrySnapshotV1,
  OffersSnapshotV1,
  QuotaSnapshotV1,
  OperatorCallV1,
  TeardownFrameworkV1,
  OperateAgentV1,
  YieldResourcesV1,
  ConvertFreeV1,
  OffersMetricsV1,
  AllocatorMetricsV1,
  QuotaMetricsV1,
  ReadTraceV1,
  ListTracesV1,
  DescribeServiceV1,
  ReadSettingsV1,
  ReadMetricsV1,
  ReadLogV1,
  PlaceTakenV1,
  ReplicaSeenV1,
  RelayRequestV1,
  OpenRelayV1,
  RelayBodyV1,
  RelayChunksV1,
  EndRelayV1,
  PaceRelayV1,
];

const byPattern = new Map(CONTRACTS.map((contract) => [contract.pattern, contract]));

/** The contract of a pattern, `agent.registered.v1`; undefined for one that this build does not know. */
export const contractOf = (pattern: string): AnyContract | undefined => byPattern.get(pattern);

/** The queue on which a service takes its messages; each agent has one of its own. */
export function queueOf(service: Exclude<ServiceName, 'agent'>): string;
export function queueOf(service: 'agent', agentId: string): string;
export function queueOf(service: ServiceName, agentId?: string): string {
  return service === 'agent' ? `agent.${agentId}` : service;
}

/** The queue of one process of a service with several replicas: for what it alone shall hear. */
export const replicaQueueOf = (replicaId: string): string => `replica.${replicaId}`;
