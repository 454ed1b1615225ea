import type { OfferOperationType, OperationState, SchedulerCallType, SchedulerEventType } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import { type Framework, isConnected } from '../frameworks/framework.js';
import type { Operation } from '../operations/operation.js';
import type { FrameworkCounts } from './framework-counts.js';
import type { MesosCounts } from './mesos-counts.js';

/** Messages that Mesos counts, by the calls of schedulers that say the same. */
const MESSAGES: Readonly<Partial<Record<SchedulerCallType, string>>> = {
  DECLINE: 'decline_offers',
  KILL: 'kill_task',
  REQUEST: 'resource_request',
  REVIVE: 'revive_offers',
  SUPPRESS: 'suppress_offers',
  RECONCILE: 'reconcile_tasks',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  MESSAGE: 'framework_to_executor',
  ACKNOWLEDGE: 'status_update_acknowledgement',
  ACKNOWLEDGE_OPERATION_STATUS: 'operation_status_update_acknowledgement',
};

const CALLS: readonly SchedulerCallType[] = [
  ...(['ACCEPT', 'ACCEPT_INVERSE_OFFERS', 'ACKNOWLEDGE', 'ACKNOWLEDGE_OPERATION_STATUS', 'DECLINE'] as const),
  ...(['DECLINE_INVERSE_OFFERS', 'KILL', 'MESSAGE', 'RECONCILE', 'RECONCILE_OPERATIONS', 'REQUEST'] as const),
  ...(['REVIVE', 'SHUTDOWN', 'SUBSCRIBE', 'SUPPRESS', 'TEARDOWN', 'UPDATE_FRAMEWORK'] as const),
];
const EVENTS: readonly SchedulerEventType[] = [
  ...(['ERROR', 'FAILURE', 'HEARTBEAT', 'INVERSE_OFFERS', 'MESSAGE', 'OFFERS', 'RESCIND'] as const),
  ...(['RESCIND_INVERSE_OFFER', 'SUBSCRIBED', 'UPDATE', 'UPDATE_OPERATION_STATUS'] as const),
];
const OPERATIONS: readonly OfferOperationType[] = [
  ...(['CREATE', 'CREATE_DISK', 'DESTROY', 'DESTROY_DISK', 'GROW_VOLUME', 'RESERVE', 'SHRINK_VOLUME'] as const),
  'UNRESERVE',
];
/** What operations are in for a while, told as how many are, and what they end in, told as how many have. */
const CURRENT: readonly OperationState[] = ['OPERATION_PENDING', 'OPERATION_UNREACHABLE', 'OPERATION_RECOVERING'];
const ENDED: readonly OperationState[] = [
  ...(['OPERATION_FINISHED', 'OPERATION_FAILED', 'OPERATION_ERROR', 'OPERATION_DROPPED'] as const),
  'OPERATION_GONE_BY_OPERATOR',
];

type Metrics = Record<string, number>;

/** What this service knows of Mesos' metrics; the registry adds what it knows itself. @source classic endpoints §6 */
export function mesosMetrics(counts: MesosCounts, state: ClusterState): Metrics {
  const metrics: Metrics = {};
  for (const [call, message] of Object.entries(MESSAGES)) {
    metrics[`master/messages_${message}`] = counts.calls.get(call);
  }
  for (const [message, count] of counts.messages.all()) {
    metrics[`master/messages_${message}`] = (metrics[`master/messages_${message}`] ?? 0) + count;
  }
  for (const [checked, count] of counts.validity.all()) metrics[`master/${checked}`] = count;
  Object.assign(metrics, operationMetrics(counts, [...state.operations.all()]));
  for (const [frameworkId, of] of counts.frameworks) {
    const prefix = `master/frameworks/${encodeURIComponent(of.name)}/${frameworkId}`;
    Object.assign(metrics, frameworkMetrics(prefix, of, state.frameworks.get(frameworkId)));
  }
  return metrics;
}

function operationMetrics(counts: MesosCounts, present: readonly Operation[]): Metrics {
  const metrics: Metrics = { 'master/operations/total': 0 };
  const now = (type: string, state: string): number =>
    present.filter(({ record }) => record.info.type === type && record.latestStatus.state === state).length;
  const add = (name: string, count: number): void => {
    metrics[`master/operations/${name}`] = (metrics[`master/operations/${name}`] ?? 0) + count;
  };
  for (const type of OPERATIONS) {
    for (const state of [...CURRENT, ...ENDED]) {
      const count = CURRENT.includes(state) ? now(type, state) : counts.operations.get(`${type} ${state}`);
      const name = state.slice('OPERATION_'.length).toLowerCase();
      add(`${type.toLowerCase()}/${name}`, count);
      add(name, count);
      add(`${type.toLowerCase()}/total`, count);
      add('total', count);
    }
  }
  return metrics;
}

function frameworkMetrics(prefix: string, counts: FrameworkCounts, framework: Framework | undefined): Metrics {
  const { calls, events, offers, operations } = counts;
  const metrics: Metrics = {
    [`${prefix}/subscribed`]: framework !== undefined && isConnected(framework) ? 1 : 0,
    [`${prefix}/calls`]: calls.sum,
    [`${prefix}/events`]: events.sum,
    [`${prefix}/operations`]: operations.sum,
  };
  for (const call of CALLS) metrics[`${prefix}/calls/${call.toLowerCase()}`] = calls.get(call);
  for (const event of EVENTS) metrics[`${prefix}/events/${event.toLowerCase()}`] = events.get(event);
  for (const type of [...OPERATIONS, 'LAUNCH', 'LAUNCH_GROUP']) {
    metrics[`${prefix}/operations/${type.toLowerCase()}`] = operations.get(type);
  }
  for (const end of ['sent', 'accepted', 'declined', 'rescinded']) metrics[`${prefix}/offers/${end}`] = offers.get(end);
  for (const role of framework?.record.roles ?? []) {
    const isSuppressed = framework?.record.suppressedRoles.includes(role) === true;
    metrics[`${prefix}/roles/${role}/suppressed`] = isSuppressed ? 1 : 0;
  }
  return metrics;
}
