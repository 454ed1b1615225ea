/** Paths of the public address: who serves them, and the forms under which Mesos clients ask for them. */

export type PublicService = 'registry' | 'allocator' | 'offers' | 'quota';

/**
 * Mesos' endpoints by path. A request for anything below one of them reaches the longest that fits (Mesos' routing), except where the
 * rest of the path is an argument.
 */
const CLUSTER_ENDPOINTS: Readonly<Record<string, PublicService>> = {
  '/api/v1': 'registry',
  '/api/v1/scheduler': 'offers',
  '/state': 'registry',
  '/state-summary': 'registry',
  '/slaves': 'registry',
  '/frameworks': 'offers',
  '/tasks': 'offers',
  '/roles': 'quota',
  '/weights': 'quota',
  '/reserve': 'quota',
  '/unreserve': 'quota',
  '/create-volumes': 'quota',
  '/destroy-volumes': 'quota',
  '/teardown': 'offers',
  '/maintenance/schedule': 'registry',
  '/maintenance/status': 'registry',
  '/machine/down': 'registry',
  '/machine/up': 'registry',
  '/flags': 'registry',
  '/health': 'registry',
  '/redirect': 'registry',
  '/version': 'registry',
  '/metrics/snapshot': 'registry',
  '/logging/toggle': 'registry',
  '/files/browse': 'registry',
  '/files/read': 'registry',
  '/files/download': 'registry',
  '/files/debug': 'registry',
  '/system/stats.json': 'registry',
};

/** Endpoints whose path goes on with an argument. */
const CLUSTER_PREFIXES: Readonly<Record<string, PublicService>> = {
  '/quota': 'quota',
  '/v1/agents': 'registry',
  '/v1/actions': 'registry',
  '/v1/events': 'registry',
  '/v1/maintenance': 'registry',
  '/v1/images': 'registry',
  '/v1/services': 'registry',
  '/v1/queues': 'registry',
  '/v1/frameworks': 'offers',
  '/v1/offers': 'offers',
  '/v1/tasks': 'offers',
  '/v1/operations': 'offers',
  '/v1/allocations': 'allocator',
  '/v1/shares': 'allocator',
  '/v1/explain': 'allocator',
  '/v1/roles': 'quota',
  '/v1/quotas': 'quota',
  '/v1/weights': 'quota',
  '/v1/reservations': 'quota',
  '/v1/volumes': 'quota',
};

/** Below a task, what its agent holds is relayed by the registry; the task itself is of `offers`. */
const RELAYED = /^\/v1\/tasks\/[^/]+\/(files|logs|exec)(\/|$)/;

/**
 * Where the registry has what it relays of tasks, besides the path below the task: an ingress routes by prefixes and sends all that is
 * below `/v1/tasks` to `offers`. A redirect to the same path would come back for ever.
 */
const RELAY_PREFIX = '/v1/agents/-';

/** The path to which a client is sent that asked the wrong service. The query is kept. */
export const redirectTarget = (url: string): string =>
  RELAYED.test(url.replace(/[?#].*$/, '')) ? RELAY_PREFIX + url : url;

const AGENT_ENDPOINTS: readonly string[] = [
  '/api/v1',
  '/api/v1/executor',
  '/api/v1/resource_provider',
  '/state',
  '/containers',
  '/containerizer/debug',
  '/monitor/statistics',
  '/flags',
  '/health',
  '/version',
  '/metrics/snapshot',
  '/logging/toggle',
  '/files/browse',
  '/files/read',
  '/files/download',
  '/files/debug',
  '/system/stats.json',
];

export type PathKind = 'cluster' | 'agent';

/**
 * The path under which a handler is mounted, for whatever form a client used: `/master/state/` → `/state`,
 * `/slave(1)/containers` → `/containers`, `/api/v1/operator` → `/api/v1`. The query is kept as it is.
 */
export function canonicalUrl(url: string, kind: PathKind): string {
  const split = url.search(/[?#]/);
  const path = split < 0 ? url : url.slice(0, split);
  const query = split < 0 ? '' : url.slice(split);
  return canonicalPath(path, kind) + query;
}

function canonicalPath(path: string, kind: PathKind): string {
  const bare = withoutRelayPrefix(withoutPrefix(path, kind)).replace(/(?<=.)\/+$/, '');
  const endpoints = kind === 'cluster' ? Object.keys(CLUSTER_ENDPOINTS) : AGENT_ENDPOINTS;
  return longestPrefix(bare, endpoints) ?? bare;
}

const withoutRelayPrefix = (path: string): string =>
  path.startsWith(`${RELAY_PREFIX}/v1/tasks/`) ? path.slice(RELAY_PREFIX.length) : path;

function withoutPrefix(path: string, kind: PathKind): string {
  const match = kind === 'cluster' ? /^\/master(?=\/)/.exec(path) : /^\/slave(?:\(1\)|%281%29)(?=\/)/i.exec(path);
  return match === null ? path : path.slice(match[0].length);
}

function longestPrefix(path: string, candidates: readonly string[]): string | undefined {
  return candidates
    .filter((candidate) => path === candidate || path.startsWith(`${candidate}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** Who serves a canonical path of the public address; undefined when nobody does. The web UI and everything unknown are the registry's. */
export function ownerOf(path: string): PublicService | undefined {
  const bare = path.replace(/[?#].*$/, '');
  if (RELAYED.test(bare)) return 'registry';
  const table: Readonly<Record<string, PublicService>> = { ...CLUSTER_ENDPOINTS, ...CLUSTER_PREFIXES };
  const found = longestPrefix(bare, Object.keys(table));
  return found === undefined ? undefined : table[found];
}
