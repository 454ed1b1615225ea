import { type Operation, text } from './operation.js';

const CALL: Operation = {
  summary: '',
  body: { type: 'object', required: ['type'], properties: { type: { type: 'string' } } },
};
const call = (summary: string): Operation => ({ ...CALL, summary });
const get = (summary: string, query?: Readonly<Record<string, string>>): Operation => ({
  summary,
  ...(query === undefined
    ? {}
    : { query: Object.fromEntries(Object.entries(query).map(([name, says]) => [name, text(says)])) }),
});

const PAGE = { limit: 'at most so many; -1: all', offset: 'first', order: 'asc or desc' };
const FILE = { path: 'virtual path' };

/**
 * Mesos' endpoints by path and the methods that they are meant for. Their shapes are Mesos' own: the descriptions of `libs/mesos-api` and
 * docs/conformance.md say in what they differ. The same path has another owner on an agent.
 */
export const MESOS_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/api/v1': { post: call('a call of the operator API, by its type; SUBSCRIBE answers a stream of events') },
  '/api/v1/scheduler': { post: call('a call of the scheduler API, by its type; SUBSCRIBE answers a stream of events') },
  '/api/v1/executor': { post: call('a call of the executor API, by its type; SUBSCRIBE answers a stream of events') },
  '/api/v1/resource_provider': { post: call('a call of the resource provider API') },
  '/state': { get: get('everything that is known') },
  '/state-summary': { get: get('agents and frameworks in short') },
  '/slaves': { get: get('agents', { slave_id: 'only this one' }) },
  '/frameworks': { get: get('frameworks', { framework_id: 'only this one' }) },
  '/tasks': { get: get('tasks', { ...PAGE, task_id: 'only this one', framework_id: 'only of this framework' }) },
  '/teardown': { post: get('ends a framework: frameworkId=ID in a form') },
  '/roles': { get: get('roles') },
  '/weights': { get: get('weights'), put: get('sets weights: [{"role":…,"weight":…}]') },
  '/quota': { get: get('quotas'), post: get('sets a quota') },
  '/quota/*': { delete: get('removes a quota') },
  '/reserve': { post: get('reserves resources of an agent') },
  '/unreserve': { post: get('takes a reservation back') },
  '/create-volumes': { post: get('creates persistent volumes') },
  '/destroy-volumes': { post: get('destroys persistent volumes') },
  '/maintenance/schedule': { get: get('planned maintenance'), post: get('plans maintenance') },
  '/maintenance/status': { get: get('draining and down machines') },
  '/machine/down': { post: get('begins the maintenance of machines') },
  '/machine/up': { post: get('ends the maintenance of machines') },
  '/containers': { get: get('containers and their use of resources') },
  '/containerizer/debug': { get: get('operations of the containerizer that are under way') },
  '/monitor/statistics': { get: get('use of resources by executor') },
  '/flags': { get: get('settings under the names of Mesos') },
  '/health': { get: get('whether the process lives, as Mesos answers it') },
  '/redirect': { get: get('to the leading master: the public address') },
  '/version': { get: get('version and time of the build') },
  '/metrics/snapshot': { get: get('metrics under the names of Mesos', { timeout: 'duration, as 5secs' }) },
  '/logging/toggle': { post: get('changes the level of the log for a time', { level: 'level', duration: 'duration' }) },
  '/files/browse': { get: get('what is in a folder', FILE) },
  '/files/read': { get: get('a part of a file', { ...FILE, offset: 'first byte', length: 'bytes' }) },
  '/files/download': { get: get('a file', FILE) },
  '/files/debug': { get: get('virtual paths and what is behind them') },
  '/system/stats.json': { get: get('load and memory of the machine') },
};
