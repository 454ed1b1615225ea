import type { OperationRecord } from '@tranche/contracts';
import type { Operation } from '@tranche/mesos-api';

/** An operation as GET_OPERATIONS shows it. */
export const operationDocument = (record: OperationRecord): Operation => ({
  ...(record.frameworkId === undefined ? {} : { framework_id: { value: record.frameworkId } }),
  agent_id: { value: record.agentId },
  info: record.info,
  latest_status: record.latestStatus,
  ...(record.statuses.length === 0 ? {} : { statuses: record.statuses }),
  uuid: { value: record.operationUuid },
});
