import { isIPv4 } from 'node:net';
import type { OperationRecord } from '@tranche/contracts';
import { resourcesOfOperation, type Sight } from '@tranche/http';
import {
  ipToMesosUint32,
  type MasterCallType,
  type MasterInfo,
  type MasterResponse,
  versionInfo,
} from '@tranche/mesos-api';
import { CAPABILITIES, type ClusterInfo } from '../cluster-info/cluster-info.js';
import type { ClusterModel } from '../model/cluster-model.js';
import { operationDocument } from './operation-document.js';
import { STATE_CALLS } from './state-calls.js';

export interface OperatorContext {
  readonly info: ClusterInfo;
  readonly model: ClusterModel;
}

type Answer = Omit<MasterResponse, 'type'>;

/** Calls that are answered from what this process knows, besides those that show the whole cluster. */
const CALLS: Readonly<Partial<Record<MasterCallType, (context: OperatorContext, sight?: Sight) => Answer>>> = {
  GET_HEALTH: () => ({ get_health: { healthy: true } }),
  GET_VERSION: ({ info }) => ({ get_version: { version_info: versionInfo(info.version) } }),
  GET_FLAGS: ({ info }) => ({
    get_flags: { flags: Object.entries(info.flags).map(([name, value]) => ({ name, value })) },
  }),
  GET_OPERATIONS: ({ model }, sight) => {
    const operations = Array.from(model.operations.all()).filter((record) => operationIsSeen(record, sight));
    return { get_operations: { operations: operations.map(operationDocument) } };
  },
  GET_MASTER: ({ info }) => ({
    get_master: {
      master_info: masterOf(info),
      start_time: info.startedAtMs / 1000,
      elected_time: info.startedAtMs / 1000,
    },
  }),
};

/** One on resources of roles that may not be seen is not seen. */
const operationIsSeen = ({ info }: OperationRecord, sight: Sight | undefined): boolean =>
  sight === undefined || resourcesOfOperation(info).every(sight.resource);

/** @returns undefined for a call that is answered otherwise, or not at all */
export function responseTo(type: MasterCallType, context: OperatorContext, sight?: Sight): MasterResponse | undefined {
  const answer = CALLS[type]?.(context, sight) ?? STATE_CALLS[type]?.(context.model, sight);
  return answer === undefined ? undefined : { type: type as NonNullable<MasterResponse['type']>, ...answer };
}

/** `ip` is required but has no place for a name: a public address that is one leaves it zero, and clients read `address`. */
const masterOf = ({ clusterId, hostname, port, pid, version, domain }: ClusterInfo): MasterInfo => ({
  id: clusterId,
  ip: isIPv4(hostname) ? ipToMesosUint32(hostname) : 0,
  port,
  pid,
  hostname,
  version: version.version,
  address: { hostname, ...(isIPv4(hostname) ? { ip: hostname } : {}), port },
  ...(domain === undefined ? {} : { domain }),
  capabilities: CAPABILITIES.map((type) => ({ type })),
});
