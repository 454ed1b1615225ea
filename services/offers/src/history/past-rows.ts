import { createHash } from 'node:crypto';
import { type FrameworkRecord, keyHash, type OperationRecord, type TaskRecord } from '@tranche/contracts';
import { uuidFromBase64 } from '@tranche/mesos-api';
import { keyText } from '@tranche/persistence';
import type { PastNames } from './history.port.js';
import type { PastFrameworkRow, PastOperationRow, PastTaskRow } from './history.schema.js';

/** A key of rows: ids are compared exactly, whatever the database's collation, and may be longer than its keys. */
export const hashOf = (key: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(key)).digest('hex');

export const taskRowId = ({ frameworkId, taskId, launchedAtMs }: TaskRecord): string =>
  hashOf([frameworkId, taskId, launchedAtMs]);

export const operationRowId = ({ operationUuid }: OperationRecord): string => hashOf([operationUuid]);

/** Newest launch first. */
export function pastTaskRow(record: TaskRecord, names: PastNames): PastTaskRow {
  const { frameworkId, taskId, agentId, info, state, launchedAtMs, endedAtMs, statuses } = record;
  const lastSeconds = statuses.at(-1)?.timestamp;
  const lastMs = typeof lastSeconds === 'number' ? lastSeconds * 1000 : launchedAtMs;
  return {
    id: taskRowId(record),
    listRank: -launchedAtMs,
    listKey: keyText(`${frameworkId}/${taskId}`),
    endedAtMs: Math.round(endedAtMs ?? lastMs),
    frameworkHash: keyHash(frameworkId),
    frameworkId,
    taskId,
    agentId,
    name: keyText(info.name),
    state,
    ...names,
    record,
  };
}

/** Newest registration first. */
export function pastFrameworkRow(record: FrameworkRecord): PastFrameworkRow {
  const { frameworkId, info, registeredAtMs, unregisteredAtMs } = record;
  return {
    id: frameworkId,
    listRank: -registeredAtMs,
    listKey: frameworkId,
    endedAtMs: Math.round(unregisteredAtMs ?? registeredAtMs),
    frameworkHash: keyHash(frameworkId),
    name: keyText(info.name),
    record,
  };
}

/** In the order in which they were accepted. */
export function pastOperationRow(record: OperationRecord, names: PastNames): PastOperationRow {
  const { operationUuid, frameworkId = '', agentId, role = '', info, latestStatus, acceptedAtMs, endedAtMs } = record;
  return {
    id: operationRowId(record),
    listRank: acceptedAtMs,
    listKey: uuidFromBase64(operationUuid),
    endedAtMs: Math.round(endedAtMs ?? acceptedAtMs),
    frameworkHash: keyHash(frameworkId),
    frameworkId,
    agentId,
    role: keyText(role),
    type: info.type ?? 'UNKNOWN',
    state: latestStatus.state,
    ...names,
    record,
  };
}
