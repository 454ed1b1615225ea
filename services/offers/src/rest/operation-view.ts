import type { OperationRecord, OperationStatusView, OperationView } from '@tranche/contracts';
import { type OperationStatus, uuidFromBase64 } from '@tranche/mesos-api';
import { type Conversion, conversionOf } from '@tranche/resources';
import type { ClusterState } from '../cluster-state.js';
import type { PastNames } from '../history/history.port.js';
import { isoTime, nameOfFramework } from './view-parts.js';

/** An operation as `/v1/operations` shows it. @param names of what may be forgotten by now */
export function operationView(state: ClusterState, record: OperationRecord, names?: PastNames): OperationView {
  const { operationUuid, operationId, frameworkId, agentId, role, info, latestStatus, acceptedAtMs, endedAtMs } =
    record;
  const conversion = conversionOf(info);
  return {
    id: uuidFromBase64(operationUuid),
    ...(operationId === undefined ? {} : { operationId }),
    type: info.type ?? 'UNKNOWN',
    ...statusView(latestStatus),
    ...(frameworkId === undefined
      ? {}
      : { frameworkId, frameworkName: nameOfFramework(state, frameworkId) || (names?.frameworkName ?? '') }),
    agentId,
    agentHostname: state.agents.get(agentId)?.record.hostname ?? names?.agentHostname ?? '',
    ...(role === undefined ? {} : { role }),
    consumed: textOf(conversion, 'consumed'),
    converted: textOf(conversion, 'converted'),
    acceptedAt: isoTime(acceptedAtMs),
    ...(endedAtMs === undefined ? {} : { endedAt: isoTime(endedAtMs) }),
    statuses: record.statuses.map(statusView),
    traceId: record.traceId,
  };
}

const statusView = ({ state, message }: OperationStatus): OperationStatusView => ({
  state,
  ...(message === undefined ? {} : { message }),
});

/** What only its agent knows has no resources. */
const textOf = (conversion: Conversion | undefined, side: keyof Conversion): string =>
  conversion?.[side].withoutAllocationRole().toText() ?? '';
