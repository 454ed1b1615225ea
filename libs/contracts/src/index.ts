export {
  AcknowledgeOperationStatusV1,
  type AcknowledgeOperationStatus,
} from './commands/operations/acknowledge-operation-status.v1.js';
export { AcknowledgeStatusV1, type AcknowledgeStatus } from './commands/acknowledge-status.v1.js';
export { AgentDrainedV1, type AgentDrained } from './commands/agents/agent-drained.v1.js';
export { DrainAgentV1, type DrainAgent } from './commands/agents/drain-agent.v1.js';
export { ShutdownAgentV1, type ShutdownAgent } from './commands/agents/shutdown-agent.v1.js';
export { AgentHeartbeatV1, type AgentHeartbeat } from './commands/agent-heartbeat.v1.js';
export { AgentUsageV1, type AgentUsage } from './commands/agent-usage.v1.js';
export { EndRelayV1, type EndRelay } from './commands/mesh/end-relay.v1.js';
export { PaceRelayV1, type PaceRelay } from './commands/mesh/pace-relay.v1.js';
export { RelayChunksV1, type RelayChunks } from './commands/mesh/relay-chunks.v1.js';
export { PlaceTakenV1, type PlaceTaken } from './facts/mesh/place-taken.v1.js';
export { ReplicaSeenV1, type ReplicaSeen } from './facts/mesh/replica-seen.v1.js';
export { OpenRelayV1, type OpenRelay, type OpenRelayResponse } from './queries/mesh/open-relay.v1.js';
export { RelayBodyV1, type RelayBody, type RelayBodyResponse } from './queries/mesh/relay-body.v1.js';
export { RelayRequestV1, type RelayRequest, type RelayResponse } from './queries/mesh/relay-request.v1.js';
export { DeliverMessageV1, type DeliverMessage } from './commands/executors/deliver-message.v1.js';
export { ForwardMessageV1, type ForwardMessage } from './commands/executors/forward-message.v1.js';
export { ReportExecutorEndV1, type ReportExecutorEnd } from './commands/executors/report-executor-end.v1.js';
export { ShutdownExecutorV1, type ShutdownExecutor } from './commands/executors/shutdown-executor.v1.js';
export { ApplyOperationsV1, type ApplyOperations } from './commands/operations/apply-operations.v1.js';
export { KillTaskV1, type KillTask } from './commands/kill-task.v1.js';
export { LaunchTaskGroupsV1, type LaunchTaskGroups } from './commands/launch-task-groups.v1.js';
export { LaunchTasksV1, type LaunchTasks } from './commands/launch-tasks.v1.js';
export { AnswerInverseOffersV1, type AnswerInverseOffers } from './commands/maintenance/answer-inverse-offers.v1.js';
export { MakeInverseOffersV1, type MakeInverseOffers } from './commands/maintenance/make-inverse-offers.v1.js';
export { MakeOffersV1, type MakeOffers } from './commands/make-offers.v1.js';
export { NoteTaskDetailV1, type NoteTaskDetail } from './commands/note-task-detail.v1.js';
export { NoteTaskStatusV1, type NoteTaskStatus } from './commands/note-task-status.v1.js';
export { RecoverResourcesV1, type RecoverResources } from './commands/recover-resources.v1.js';
export {
  ReportOperationStatusV1,
  type ReportOperationStatus,
} from './commands/operations/report-operation-status.v1.js';
export { ReportTaskStatusV1, type ReportTaskStatus } from './commands/report-task-status.v1.js';
export { ReregisterAgentV1, type ReregisterAgent } from './commands/reregister-agent.v1.js';
export { RescindOffersV1, type RescindOffers } from './commands/rescind-offers.v1.js';
export { ReviveOffersV1, type ReviveOffers } from './commands/revive-offers.v1.js';
export { ShutdownFrameworkV1, type ShutdownFramework } from './commands/shutdown-framework.v1.js';
export { UnregisterAgentV1, type UnregisterAgent } from './commands/unregister-agent.v1.js';
export { UpdateAllocationV1, type UpdateAllocation } from './commands/operations/update-allocation.v1.js';
export { UpdateFrameworkV1, type UpdateFramework } from './commands/update-framework.v1.js';
export { ContractError } from './contract.errors.js';
export {
  type AnyContract,
  type CommandContract,
  type FactContract,
  type ItemOf,
  type MessageKind,
  type QueryContract,
  type RequestOf,
  type ResponseOf,
  SERVICES,
  type ServiceName,
} from './contract.js';
export { type Envelope, parseEnvelope } from './envelope.js';
export {
  isIn,
  operatorsQueueOf,
  type Partition,
  PARTITIONED,
  type PartitionCounts,
  type PartitionedService,
  partitionOf,
  partitionQueueOf,
  partitionsOf,
  queueOfSource,
  WHOLE,
} from './partitions.js';
export { AgentRegisteredV1, type AgentRegistered } from './facts/agent-registered.v1.js';
export { AgentResourcesChangedV1, type AgentResourcesChanged } from './facts/agent-resources-changed.v1.js';
export { AgentStateChangedV1, type AgentStateChanged } from './facts/agent-state-changed.v1.js';
export {
  AgentUnavailabilityChangedV1,
  type AgentUnavailabilityChanged,
} from './facts/agent-unavailability-changed.v1.js';
export { FrameworkUpdatedV1, type FrameworkUpdated } from './facts/framework-updated.v1.js';
export { InverseOffersChangedV1, type InverseOffersChanged } from './facts/inverse-offers-changed.v1.js';
export { OffersChangedV1, type OffersChanged } from './facts/offers-changed.v1.js';
export { OperationUpdatedV1, type OperationUpdated } from './facts/operation-updated.v1.js';
export { type MarkStated, MarkStatedV1 } from './facts/mark-stated.v1.js';
export { type PassMark, PassMarkV1 } from './commands/pass-mark.v1.js';
export { type StateMark, StateMarkV1 } from './commands/state-mark.v1.js';
export { RoleConfigChangedV1, type RoleConfigChanged } from './facts/role-config-changed.v1.js';
export { TaskLaunchedV1, type TaskLaunched } from './facts/task-launched.v1.js';
export { TaskUpdatedV1, type TaskUpdated } from './facts/task-updated.v1.js';
export { DescribeServiceV1, type DescribeServiceAnswer } from './queries/services/describe-service.v1.js';
export { ReadLogV1, type ReadLogAnswer } from './queries/services/read-log.v1.js';
export { ReadMetricsV1, type ReadMetricsAnswer } from './queries/services/read-metrics.v1.js';
export { ReadSettingsV1, type ReadSettingsAnswer } from './queries/services/read-settings.v1.js';
export { ListTracesV1, type ListTraces, type ListTracesAnswer } from './queries/list-traces.v1.js';
export { AllocatorMetricsV1 } from './queries/allocator-metrics.v1.js';
export { type MesosMetrics, OffersMetricsV1 } from './queries/offers-metrics.v1.js';
export { OffersSnapshotV1, type OffersSnapshot } from './queries/offers-snapshot.v1.js';
export { type ConvertFree, ConvertFreeV1, type FreeConversion } from './queries/convert-free.v1.js';
export { type OperateAgent, OperateAgentV1, type OperateAnswer } from './queries/operate-agent.v1.js';
export { type OperatorAnswer, type OperatorCall, OperatorCallV1 } from './queries/operator-call.v1.js';
export { QuotaMetricsV1 } from './queries/quota-metrics.v1.js';
export { QuotaSnapshotV1, type QuotaSnapshot } from './queries/quota-snapshot.v1.js';
export { type TeardownFramework, TeardownFrameworkV1, type TornDown } from './queries/teardown-framework.v1.js';
export { type YieldedResources, type YieldResources, YieldResourcesV1 } from './queries/yield-resources.v1.js';
export { ReadTraceV1, type ReadTraceAnswer } from './queries/read-trace.v1.js';
export { RegisterAgentV1, type RegisterAgentRequest, type RegisterAgentResponse } from './queries/register-agent.v1.js';
export { RegistrySnapshotV1, type RegistrySnapshot } from './queries/registry-snapshot.v1.js';
export {
  AGENT_STATES,
  DRAIN_STATES,
  type AgentChange,
  agentPid,
  type AgentRecord,
  type AgentState,
  type DrainRecord,
  type DrainState,
  isPresentState,
} from './records/agent-record.js';
export type { FactNumbers } from './records/fact-numbers.js';
export { FRAMEWORK_STATES, type FrameworkRecord, type FrameworkState } from './records/framework-record.js';
export type { HeldResources } from './records/held-resources.js';
export {
  INVERSE_OFFER_ANSWERS,
  INVERSE_OFFER_OUTCOMES,
  type InverseOfferAnswer,
  type InverseOfferAnswerRecord,
  type InverseOfferOutcome,
  type InverseOfferRecord,
} from './records/inverse-offer-record.js';
export { OFFER_OUTCOMES, type OfferOutcome, type OfferRecord } from './records/offer-record.js';
export type { OperationRecord, OperationReport } from './records/operation-record.js';
export type { RoleConfig } from './records/role-config.js';
export type { TaskRecord } from './records/task-record.js';
export type { ExecutorReport, FrameworkReport, TaskReport } from './records/task-report.js';
export { ACTION_STATES, type ActionView } from './rest/action-view.js';
export type {
  AgentOrderView,
  AgentPruneView,
  AgentView,
  ContainerUsageView,
  ContainerView,
  ImagePruneView,
  ImageView,
  MissingAgentView,
} from './rest/agent-view.js';
export { CONTRACTS, contractOf, queueOf, replicaQueueOf } from './registry.js';
export type {
  AgentExplanationView,
  AmountsByName,
  BlockerView,
  ExplainedAgentView,
  ExplanationView,
  FunnelSampleView,
  FunnelStepView,
  HelpView,
  RoleExplanationView,
} from './rest/explanation-view.js';
export type { CallerView, PermissionView } from './rest/caller-view.js';
export type { CallView } from './rest/call-view.js';
export { EVENT_TYPES, type EventType, type EventView } from './rest/event-view.js';
export type { FrameworkView } from './rest/framework-view.js';
export type { OutputTimesView } from './rest/output-times-view.js';
export { isSelected, type LabelSelector, parseSelector } from './label-selector.js';
export type { MachineView, MaintenanceView, MaintenanceWindowView } from './rest/maintenance-view.js';
export type { OfferView } from './rest/offer-view.js';
export type { OperationStatusView, OperationView } from './rest/operation-view.js';
export type { Page, Problem } from './rest/page.js';
export { type ResourceAmounts, resourceAmounts } from './rest/resource-amounts.js';
export type { AllocationView, ShareView } from './rest/allocation-view.js';
export type { AgentOperationView, ReservationView, VolumeView } from './rest/reservation-view.js';
export type { QuotaChangeView, QuotaView, WeightView } from './rest/quota-view.js';
export type { RoleAmounts, RoleView } from './rest/role-view.js';
export type { TaskStatusView, TaskView } from './rest/task-view.js';
export { LogLineRecord, ServicePart, SettingRecord } from './records/service-part.js';
export type { LogLineView, QueueView, ServiceView, SettingView } from './rest/service-view.js';
export { TraceLog, TracePart, TraceSpan, TraceSummary } from './records/trace-part.js';
export type { TraceItemView, TraceList, TracePartView, TraceView } from './rest/trace-view.js';
export { viewSchemas } from './generated/view-schemas.js';
export { keyHash } from './key-hash.js';
