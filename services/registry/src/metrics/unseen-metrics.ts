/** What frameworks and agents say to the control plane, as Mesos counts it. */
const MESSAGES = [
  'authenticate',
  'deactivate_framework',
  'decline_offers',
  'executor_to_framework',
  'exited_executor',
  'framework_to_executor',
  'kill_task',
  'launch_tasks',
  'operation_status_update',
  'operation_status_update_acknowledgement',
  'reconcile_operations',
  'reconcile_tasks',
  'register_framework',
  'reregister_framework',
  'resource_request',
  'revive_offers',
  'status_update',
  'status_update_acknowledgement',
  'suppress_offers',
  'unregister_framework',
  'update_slave',
];

const CHECKED = [
  'executor_to_framework_messages',
  'framework_to_executor_messages',
  'operation_status_update_acknowledgements',
  'operation_status_updates',
  'status_update_acknowledgements',
  'status_updates',
];

const OPERATIONS = [
  'create',
  'create_disk',
  'destroy',
  'destroy_disk',
  'grow_volume',
  'reserve',
  'shrink_volume',
  'unreserve',
];
const OPERATION_STATES = [
  'dropped',
  'error',
  'failed',
  'finished',
  'gone_by_operator',
  'pending',
  'recovering',
  'total',
  'unreachable',
];

/** What Mesos tells of a value that is measured again and again. */
const SPREAD = ['/count', '/max', '/min', '/p50', '/p90', '/p95', '/p99', '/p999', '/p9999'];

const OTHERS = [
  'allocator/event_queue_dispatches',
  'allocator/mesos/allocation_runs',
  'allocator/mesos/event_queue_dispatches',
  'master/dropped_messages',
  'master/event_queue_dispatches',
  'master/event_queue_http_requests',
  'master/event_queue_messages',
  'master/http_cache_hits',
  'master/operator_event_stream_subscribers',
  'master/slave_shutdowns_canceled',
  'master/slave_shutdowns_completed',
  'master/slave_shutdowns_scheduled',
  'registrar/log/ensemble_size',
  'registrar/log/recovered',
  'registrar/queued_operations',
  'registrar/registry_size_bytes',
  'registrar/state_fetch_ms',
  ...[
    'allocator/mesos/allocation_run_ms',
    'allocator/mesos/allocation_run_latency_ms',
    'registrar/state_store_ms',
  ].flatMap((name) => ['', ...SPREAD].map((part) => `${name}${part}`)),
];

/**
 * Names of `/metrics/snapshot` that dashboards and exporters ask for, about things that happen in other services or not at all: zero.
 * What the registry sees, or is told by those services, replaces its entry. There is no registrar and no log of its own here, no queue of
 * events and no old driver protocol: what is about these stays zero. docs/conformance.md lists what does, with the reason.
 *
 * @source Mesos 1.11: metrics of the master, in a cluster in which nothing has happened yet
 */
export const UNSEEN_METRICS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ...MESSAGES.map((name) => `master/messages_${name}`),
    ...CHECKED.flatMap((name) => [`master/invalid_${name}`, `master/valid_${name}`]),
    ...OPERATION_STATES.map((state) => `master/operations/${state}`),
    ...OPERATIONS.flatMap((type) => OPERATION_STATES.map((state) => `master/operations/${type}/${state}`)),
    ...OTHERS,
  ].map((name) => [name, 0]),
);
