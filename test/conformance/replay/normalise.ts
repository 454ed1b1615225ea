import type { Offer, OperationStatus, SchedulerEvent, TaskStatus } from '@tranche/mesos-api';

/** What differs between any two runs: ids, times, process ids and addresses. What is left must be the same. */

export function statusShape(status: TaskStatus): object {
  const { uuid, timestamp, agent_id, container_status, executor_id, ...rest } = status;
  return {
    ...rest,
    ...(uuid === undefined ? {} : { uuid: 'some' }),
    ...(timestamp === undefined ? {} : { timestamp: 'some' }),
    ...(agent_id === undefined ? {} : { agent_id: 'some' }),
    ...(executor_id === undefined ? {} : { executor_id: executor_id.value }),
    ...(container_status === undefined ? {} : { container_status: Object.keys(container_status).toSorted(byText) }),
  };
}

export function offerShape(offer: Offer): object {
  const { id: _id, framework_id: _framework, agent_id: _agent, hostname: _host, url, resources = [], ...rest } = offer;
  const sorted = resources.toSorted((one, other) => byText(JSON.stringify(one), JSON.stringify(other)));
  return { ...rest, url: [url?.scheme, url?.path], resources: sorted.toSorted((a, b) => byText(a.name, b.name)) };
}

export function subscribedShape({ subscribed }: SchedulerEvent): object {
  const { capabilities = [], ...info } = subscribed?.master_info ?? {};
  return {
    heartbeat_interval_seconds: subscribed?.heartbeat_interval_seconds,
    master_info: Object.keys(info).toSorted(byText),
    capabilities: capabilities.map(({ type }) => type),
  };
}

/** Statuses of operations, by operation. One that comes again because its acknowledgement is late counts once. */
export function operationsById(events: readonly SchedulerEvent[]): Map<string, object[]> {
  const statuses = events.flatMap(({ update_operation_status: told }) => (told === undefined ? [] : [told.status]));
  const groups = Map.groupBy(
    uniqueBy(statuses, ({ uuid }) => uuid?.value),
    ({ operation_id }) => operation_id?.value ?? '',
  );
  return new Map([...groups].map(([id, group]) => [id, group.map(operationShape)]));
}

function operationShape({ uuid, agent_id, ...rest }: OperationStatus): object {
  return {
    ...rest,
    ...(uuid === undefined ? {} : { uuid: 'some' }),
    ...(agent_id === undefined ? {} : { agent_id: 'some' }),
  };
}

/** Without what was said again. What has no uuid is never said again. */
function uniqueBy<T>(all: readonly T[], uuidOf: (one: T) => string | undefined): T[] {
  return all.filter(
    (one, at) => uuidOf(one) === undefined || all.findIndex((other) => uuidOf(other) === uuidOf(one)) === at,
  );
}

/** Updates by task, each task's in their order: those of several tasks may come in any. */
export function updatesByTask(events: readonly SchedulerEvent[]): Map<string, object[]> {
  const statuses = events.flatMap(({ update }) => (update === undefined ? [] : [update.status]));
  const groups = Map.groupBy(
    uniqueBy(statuses, ({ uuid }) => uuid),
    ({ task_id }) => task_id.value,
  );
  return new Map([...groups].map(([taskId, group]) => [taskId, group.map(statusShape)]));
}

export const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
