export type { ClassicAgent } from './classic/agent-json.js';
export { agentFullJson, agentJson, agentSummaryJson, recoveredAgentJson } from './classic/agent-json.js';
export type { ClassicAgentExecutor, ClassicAgentFramework, ClassicAgentState } from './classic/agent-state-json.js';
export { agentExecutorJson, agentFrameworkJson, agentStateJson } from './classic/agent-state-json.js';
export type { ClassicExecutor } from './classic/executor-json.js';
export { commandJson, executorJson } from './classic/executor-json.js';
export type { ClassicFramework, FrameworkLists } from './classic/framework-json.js';
export { frameworkJson, frameworkSummaryJson } from './classic/framework-json.js';
export type { Member } from './classic/json-text.js';
export {
  arrayOf,
  jsonpBody,
  membersOf,
  objectOf,
  optionalDouble,
  optionalString,
  stringArray,
} from './classic/json-text.js';
export type { ClassicFlags, ClassicLeader, ClassicMasterState, MasterStateLists } from './classic/master-state-json.js';
export { flagsJson, masterStateJson } from './classic/master-state-json.js';
export type { ClassicOffer } from './classic/offer-json.js';
export { offerJson } from './classic/offer-json.js';
export {
  attributesJson,
  fullResourcesJson,
  rangesText,
  reservedResourcesFullJson,
  reservedResourcesJson,
  resourcesJson,
  unreservedResourcesFullJson,
  unreservedResourcesJson,
} from './classic/resources-json.js';
export type { TaskStateCounts } from './classic/task-counts-json.js';
export { taskCountMembers } from './classic/task-counts-json.js';
export { labelsJson, taskJson } from './classic/task-json.js';
export type { ClassicVersion } from './classic/version-json.js';
export { versionInfo, versionJson } from './classic/version-json.js';
export { decodeBody, encodeBody, encodeEvent } from './codec/body.js';
export { protobufMemberHead } from './codec/protobuf-field.js';
export type { Decoded } from './codec/json-decode.js';
export { convertJson, decodeJson } from './codec/json-decode.js';
export { jsonDouble } from './codec/json-double.js';
export { encodeJson, encodeStreamJson, jsonString } from './codec/json-encode.js';
export { jsonSyntaxError, parseJson } from './codec/json-syntax.js';
export type { MessageType } from './codec/message-type.js';
export { messageTypes } from './codec/message-type.js';
export { decodeProtobuf } from './codec/protobuf-decode.js';
export { encodeProtobuf, MissingFieldsError } from './codec/protobuf-encode.js';
export type { MediaType, Negotiated } from './content-negotiation.js';
export {
  firstAcceptable,
  JSON_TYPE,
  PROTOBUF_TYPE,
  RECORDIO_TYPE,
  requestMediaType,
  responseMediaType,
  STREAM_ID_HEADER,
} from './content-negotiation.js';
export type { StreamedMediaType, StreamsOfCall } from './stream-negotiation.js';
export {
  agentRequestType,
  agentResponseType,
  MESSAGE_ACCEPT_HEADER,
  MESSAGE_CONTENT_TYPE_HEADER,
  responseTypeHeaders,
  streamMismatch,
} from './stream-negotiation.js';
export type { ApiRefusal, HttpError } from './http-error.js';
export { httpError } from './http-error.js';
export type { AgentId, ContainerId, ExecutorId, FrameworkId, OfferId, TaskId } from './ids.js';
export { agentId, containerId, executorId, frameworkId, idError, offerId, taskId } from './ids.js';
export { encodeRecord, encodeRecordOf, RecordDecoder, RecordIoError } from './record-io.js';
export {
  offerForFramework,
  reservationRole,
  resourcesForFramework,
  toEndpointFormat,
  toPostRefinement,
  toPreRefinement,
} from './resource-format.js';
export type { Double, Int64 } from './scalars.js';
export { bigIntToInt64, doubleToNumber, int64ToBigInt, numberToDouble } from './scalars.js';
export { validateAgentCall } from './validation/agent-call.js';
export { missingMember } from './validation/call-member.js';
export { validateExecutorCall } from './validation/executor-call.js';
export { scalarError, validateFrameworkInfo } from './validation/framework-info.js';
export { principalMismatch, validateSchedulerCall } from './validation/scheduler-call.js';
export { capabilitiesOf, rolesOf } from './values/framework-capabilities.js';
export { ipToMesosUint32 } from './values/ip.js';
export { ancestorRoles, isBelowRole, roleError } from './roles.js';
export { isTerminalOperationState, isTerminalState } from './values/task-states.js';
export {
  fromMs,
  fromNanos,
  googleDurationToNanos,
  msToSeconds,
  nanosToGoogleDuration,
  toMs,
  toNanos,
} from './values/time.js';
export { uuidError, uuidFromBase64, uuidToBase64 } from './values/uuid.js';
export type { MessageMap } from './generated/message-map.js';
// biome-ignore format: a generated list of names
export type {
  Address, AgentID, AgentInfo, AgentInfoCapability, AgentInfoCapabilityType, Attribute, CSIPluginContainerInfo,
  CSIPluginContainerInfoService, CSIPluginEndpoint, CSIPluginInfo, CapabilityInfo, CapabilityInfoCapability,
  CgroupInfo, CgroupInfoBlkio, CgroupInfoBlkioCFQ, CgroupInfoBlkioCFQStatistics, CgroupInfoBlkioOperation,
  CgroupInfoBlkioStatistics, CgroupInfoBlkioThrottling, CgroupInfoBlkioThrottlingStatistics, CgroupInfoBlkioValue,
  CgroupInfoNetCls, CheckInfo, CheckInfoCommand, CheckInfoHttp, CheckInfoTcp, CheckInfoType, CheckStatusInfo,
  CheckStatusInfoCommand, CheckStatusInfoHttp, CheckStatusInfoTcp, CommandInfo, CommandInfoURI, ContainerID,
  ContainerInfo, ContainerInfoDockerInfo, ContainerInfoDockerInfoNetwork, ContainerInfoDockerInfoPortMapping,
  ContainerInfoMesosInfo, ContainerInfoType, ContainerStatus, Credential, Credentials, Device, DeviceAccess,
  DeviceAccessAccess, DeviceNumber, DeviceWhitelist, DiscoveryInfo, DiscoveryInfoVisibility, DiskStatistics,
  DomainInfo, DomainInfoFaultDomain, DomainInfoFaultDomainRegionInfo, DomainInfoFaultDomainZoneInfo, DrainConfig,
  DrainInfo, DrainState, DurationInfo, Environment, EnvironmentVariable, EnvironmentVariableType, ExecutorID,
  ExecutorInfo, ExecutorInfoType, FileInfo, Filters, Flag, FrameworkID, FrameworkInfo, FrameworkInfoCapability,
  FrameworkInfoCapabilityType, HealthCheck, HealthCheckHTTPCheckInfo, HealthCheckTCPCheckInfo, HealthCheckType,
  IcmpStatistics, Image, ImageAppc, ImageDocker, ImageType, InverseOffer, IpStatistics, KillPolicy, Label, Labels,
  LinuxInfo, LinuxInfoIpcMode, MachineID, MachineInfo, MachineInfoMode, MasterInfo, MasterInfoCapability,
  MasterInfoCapabilityType, Metric, MountPropagation, MountPropagationMode, NetworkInfo, NetworkInfoIPAddress,
  NetworkInfoPortMapping, NetworkInfoProtocol, Offer, OfferFilters, OfferFiltersMinAllocatableResources,
  OfferFiltersResourceQuantities, OfferID, OfferOperation, OfferOperationCreate, OfferOperationCreateDisk,
  OfferOperationDestroy, OfferOperationDestroyDisk, OfferOperationGrowVolume, OfferOperationLaunch,
  OfferOperationLaunchGroup, OfferOperationReserve, OfferOperationShrinkVolume, OfferOperationType,
  OfferOperationUnreserve, Operation, OperationID, OperationState, OperationStatus, Parameter, Parameters,
  PerfStatistics, Port, Ports, RLimitInfo, RLimitInfoRLimit, RLimitInfoRLimitType, RateLimit, RateLimits, Request,
  Resource, ResourceAllocationInfo, ResourceDiskInfo, ResourceDiskInfoPersistence, ResourceDiskInfoSource,
  ResourceDiskInfoSourceMount, ResourceDiskInfoSourcePath, ResourceDiskInfoSourceType, ResourceProviderID,
  ResourceProviderInfo, ResourceProviderInfoStorage, ResourceReservationInfo, ResourceReservationInfoType,
  ResourceRevocableInfo, ResourceSharedInfo, ResourceStatistics, ResourceStatisticsRatePercentiles,
  ResourceStatisticsRateStatistics, ResourceUsage, ResourceUsageExecutor, ResourceUsageExecutorTask, Role,
  SNMPStatistics, SeccompInfo, Secret, SecretReference, SecretType, SecretValue, Status, TTYInfo, TTYInfoWindowSize,
  Task, TaskGroupInfo, TaskID, TaskInfo, TaskResourceLimitation, TaskState, TaskStatus, TaskStatusReason,
  TaskStatusSource, TcpStatistics, TimeInfo, TrafficControlStatistics, URL, UUID, UdpStatistics, Unavailability,
  Value, ValueRange, ValueRanges, ValueScalar, ValueSet, ValueText, ValueType, VersionInfo, Volume, VolumeMode,
  VolumeSource, VolumeSourceCSIVolume, VolumeSourceCSIVolumeStaticProvisioning, VolumeSourceCSIVolumeVolumeCapability,
  VolumeSourceCSIVolumeVolumeCapabilityAccessMode, VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode,
  VolumeSourceCSIVolumeVolumeCapabilityBlockVolume, VolumeSourceCSIVolumeVolumeCapabilityMountVolume,
  VolumeSourceDockerVolume, VolumeSourceHostPath, VolumeSourceSandboxPath, VolumeSourceSandboxPathType,
  VolumeSourceType, WeightInfo,
} from './generated/mesos.js';
// biome-ignore format: a generated list of names
export type {
  SchedulerAPIResult, SchedulerAttributeConstraint, SchedulerAttributeConstraintPredicate,
  SchedulerAttributeConstraintPredicateExists, SchedulerAttributeConstraintPredicateNotExists,
  SchedulerAttributeConstraintPredicateTextEquals, SchedulerAttributeConstraintPredicateTextMatches,
  SchedulerAttributeConstraintPredicateTextNotEquals, SchedulerAttributeConstraintPredicateTextNotMatches,
  SchedulerAttributeConstraintSelector, SchedulerAttributeConstraintSelectorPseudoattributeType, SchedulerCall,
  SchedulerCallAccept, SchedulerCallAcceptInverseOffers, SchedulerCallAcknowledge,
  SchedulerCallAcknowledgeOperationStatus, SchedulerCallDecline, SchedulerCallDeclineInverseOffers, SchedulerCallKill,
  SchedulerCallMessage, SchedulerCallReconcile, SchedulerCallReconcileOperations,
  SchedulerCallReconcileOperationsOperation, SchedulerCallReconcileTask, SchedulerCallRequest, SchedulerCallRevive,
  SchedulerCallShutdown, SchedulerCallSubscribe, SchedulerCallSuppress, SchedulerCallType,
  SchedulerCallUpdateFramework, SchedulerEvent, SchedulerEventError, SchedulerEventFailure,
  SchedulerEventInverseOffers, SchedulerEventMessage, SchedulerEventOffers, SchedulerEventRescind,
  SchedulerEventRescindInverseOffer, SchedulerEventSubscribed, SchedulerEventType, SchedulerEventUpdate,
  SchedulerEventUpdateOperationStatus, SchedulerOfferConstraints, SchedulerOfferConstraintsRoleConstraints,
  SchedulerOfferConstraintsRoleConstraintsGroup, SchedulerResponse, SchedulerResponseReconcileOperations,
  SchedulerResponseType,
} from './generated/scheduler.js';
// biome-ignore format: a generated list of names
export type {
  ExecutorCall, ExecutorCallMessage, ExecutorCallSubscribe, ExecutorCallType, ExecutorCallUpdate, ExecutorEvent,
  ExecutorEventAcknowledged, ExecutorEventError, ExecutorEventKill, ExecutorEventLaunch, ExecutorEventLaunchGroup,
  ExecutorEventMessage, ExecutorEventSubscribed, ExecutorEventType,
} from './generated/executor.js';
// biome-ignore format: a generated list of names
export type {
  MasterCall, MasterCallCreateVolumes, MasterCallDeactivateAgent, MasterCallDestroyVolumes, MasterCallDrainAgent,
  MasterCallGetMetrics, MasterCallGrowVolume, MasterCallListFiles, MasterCallMarkAgentGone, MasterCallReactivateAgent,
  MasterCallReadFile, MasterCallRemoveQuota, MasterCallReserveResources, MasterCallSetLoggingLevel,
  MasterCallSetQuota, MasterCallShrinkVolume, MasterCallStartMaintenance, MasterCallStopMaintenance,
  MasterCallTeardown, MasterCallType, MasterCallUnreserveResources, MasterCallUpdateMaintenanceSchedule,
  MasterCallUpdateQuota, MasterCallUpdateWeights, MasterEvent, MasterEventAgentAdded, MasterEventAgentRemoved,
  MasterEventFrameworkAdded, MasterEventFrameworkRemoved, MasterEventFrameworkUpdated, MasterEventSubscribed,
  MasterEventTaskAdded, MasterEventTaskUpdated, MasterEventType, MasterResponse, MasterResponseGetAgents,
  MasterResponseGetAgentsAgent, MasterResponseGetAgentsAgentResourceProvider, MasterResponseGetExecutors,
  MasterResponseGetExecutorsExecutor, MasterResponseGetFlags, MasterResponseGetFrameworks,
  MasterResponseGetFrameworksFramework, MasterResponseGetHealth, MasterResponseGetLoggingLevel,
  MasterResponseGetMaintenanceSchedule, MasterResponseGetMaintenanceStatus, MasterResponseGetMaster,
  MasterResponseGetMetrics, MasterResponseGetOperations, MasterResponseGetQuota, MasterResponseGetRoles,
  MasterResponseGetState, MasterResponseGetTasks, MasterResponseGetVersion, MasterResponseGetWeights,
  MasterResponseListFiles, MasterResponseReadFile, MasterResponseType,
} from './generated/master.js';
// biome-ignore format: a generated list of names
export type {
  AgentCall, AgentCallAddResourceProviderConfig, AgentCallAttachContainerInput, AgentCallAttachContainerInputType,
  AgentCallAttachContainerOutput, AgentCallGetContainers, AgentCallGetMetrics, AgentCallKillContainer,
  AgentCallKillNestedContainer, AgentCallLaunchContainer, AgentCallLaunchNestedContainer,
  AgentCallLaunchNestedContainerSession, AgentCallListFiles, AgentCallMarkResourceProviderGone, AgentCallPruneImages,
  AgentCallReadFile, AgentCallRemoveContainer, AgentCallRemoveNestedContainer, AgentCallRemoveResourceProviderConfig,
  AgentCallSetLoggingLevel, AgentCallType, AgentCallUpdateResourceProviderConfig, AgentCallWaitContainer,
  AgentCallWaitNestedContainer, AgentProcessIO, AgentProcessIOControl, AgentProcessIOControlHeartbeat,
  AgentProcessIOControlType, AgentProcessIOData, AgentProcessIODataType, AgentProcessIOType, AgentResponse,
  AgentResponseGetAgent, AgentResponseGetContainers, AgentResponseGetContainersContainer, AgentResponseGetExecutors,
  AgentResponseGetExecutorsExecutor, AgentResponseGetFlags, AgentResponseGetFrameworks,
  AgentResponseGetFrameworksFramework, AgentResponseGetHealth, AgentResponseGetLoggingLevel, AgentResponseGetMetrics,
  AgentResponseGetOperations, AgentResponseGetResourceProviders, AgentResponseGetResourceProvidersResourceProvider,
  AgentResponseGetState, AgentResponseGetTasks, AgentResponseGetVersion, AgentResponseListFiles,
  AgentResponseReadFile, AgentResponseType, AgentResponseWaitContainer, AgentResponseWaitNestedContainer,
} from './generated/agent.js';
// biome-ignore format: a generated list of names
export type {
  AllocatorInverseOfferStatus, AllocatorInverseOfferStatusStatus, GoogleDuration, MaintenanceClusterStatus,
  MaintenanceClusterStatusDrainingMachine, MaintenanceSchedule, MaintenanceWindow, QuotaConfig, QuotaInfo,
  QuotaRequest, QuotaStatus,
} from './generated/operator.js';
