import type { PathKind } from '../mesos-paths.js';

/** What credentials are asked for: to look, to change, or to be a scheduler. */
export type Access = 'readonly' | 'readwrite' | 'scheduler';

/** Endpoints of Mesos that have one realm for all methods. What is in neither list is open. @source formats §8.1 */
const READWRITE: Readonly<Record<PathKind, readonly string[]>> = {
  cluster: [
    ...['/api/v1', '/reserve', '/unreserve', '/create-volumes', '/destroy-volumes', '/teardown', '/quota', '/weights'],
    ...['/maintenance/schedule', '/machine/down', '/machine/up', '/logging/toggle'],
  ],
  agent: ['/api/v1', '/api/v1/resource_provider', '/logging/toggle'],
};
const READONLY: Readonly<Record<PathKind, readonly string[]>> = {
  cluster: [
    ...['/state', '/state-summary', '/slaves', '/frameworks', '/tasks', '/roles', '/maintenance/status', '/flags'],
    ...['/metrics/snapshot', '/files/browse', '/files/read', '/files/download', '/files/debug', '/master/log'],
  ],
  agent: [
    ...['/state', '/containers', '/containerizer/debug', '/monitor/statistics', '/flags', '/metrics/snapshot'],
    ...['/files/browse', '/files/read', '/files/download', '/files/debug'],
  ],
};

/**
 * What a request needs to be credible for.
 *
 * @param path canonical, without a query
 * @returns undefined for what is open to everybody: health, readiness, versions, documentation, Prometheus' metrics, executors
 */
export function accessOf(kind: PathKind, method: string, path: string): Access | undefined {
  if (kind === 'cluster' && path === '/api/v1/scheduler') return 'scheduler';
  if (isAt(READWRITE[kind], path) && path !== '/api/v1/executor') return 'readwrite';
  if (isAt(READONLY[kind], path)) return 'readonly';
  if (!path.startsWith('/v1/')) return undefined;
  return method === 'GET' || method === 'HEAD' ? 'readonly' : 'readwrite';
}

/** The realm as a client is told it, `mesos-master-readonly`. */
export const realmOf = (kind: PathKind, access: Access): string =>
  `mesos-${kind === 'cluster' ? 'master' : 'agent'}-${access}`;

const isAt = (endpoints: readonly string[], path: string): boolean =>
  endpoints.some((endpoint) => path === endpoint || path.startsWith(`${endpoint}/`));
