import { describe, expect, it } from 'vitest';
import { accessOf, realmOf } from './realms.js';

describe('what a request needs to be credible for', () => {
  it.each([
    ['cluster', 'GET', '/state', 'readonly'],
    ['cluster', 'POST', '/state', 'readonly'],
    ['cluster', 'GET', '/files/read', 'readonly'],
    ['cluster', 'GET', '/quota', 'readwrite'],
    ['cluster', 'DELETE', '/quota/web', 'readwrite'],
    ['cluster', 'POST', '/api/v1', 'readwrite'],
    ['cluster', 'POST', '/api/v1/scheduler', 'scheduler'],
    ['cluster', 'GET', '/maintenance/schedule', 'readwrite'],
    ['cluster', 'GET', '/v1/agents', 'readonly'],
    ['cluster', 'HEAD', '/v1/agents', 'readonly'],
    ['cluster', 'POST', '/v1/agents/a:drain', 'readwrite'],
    ['agent', 'GET', '/containers', 'readonly'],
    ['agent', 'POST', '/api/v1', 'readwrite'],
    ['agent', 'GET', '/v1/files/follow', 'readonly'],
  ] as const)('at a %s, %s %s: %s', (kind, method, path, access) => {
    expect(accessOf(kind, method, path)).toBe(access);
  });

  it.each([
    ...[
      '/health',
      '/version',
      '/redirect',
      '/system/stats.json',
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/docs',
      '/',
    ],
    '/stateful',
  ])('nothing at %s', (path) => {
    expect(accessOf('cluster', 'GET', path)).toBeUndefined();
  });

  it('nothing of an executor, which is known by its ids', () => {
    expect(accessOf('agent', 'POST', '/api/v1/executor')).toBeUndefined();
  });

  it('has the realms of Mesos', () => {
    expect(realmOf('cluster', 'scheduler')).toBe('mesos-master-scheduler');
    expect(realmOf('agent', 'readwrite')).toBe('mesos-agent-readwrite');
  });
});
