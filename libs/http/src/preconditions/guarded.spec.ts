import { describe, expect, it } from 'vitest';
import { guardedBy } from './guarded.js';

describe('guardedBy', () => {
  it.each([
    ['/v1/agents/a-S0', '/v1/agents/a-S0'],
    ['/v1/agents/a-S0:drain?dryRun', '/v1/agents/a-S0'],
    ['/v1/agents/a-S0%3Adrain', '/v1/agents/a-S0'],
    ['/v1/tasks/a:b:kill?frameworkId=F%201', '/v1/tasks/a%3Ab?frameworkId=F%201'],
    ['/v1/weights/eng/dev', '/v1/weights/eng/dev'],
    ['/v1/weights/eng%2Fdev', '/v1/weights/eng/dev'],
    ['/v1/maintenance', '/v1/maintenance'],
    ['/v1/maintenance/w1:start', '/v1/maintenance'],
    ['/v1/tasks', undefined],
    ['/v1/tasks/t/logs', undefined],
    ['/v1/agents/a/files/browse', undefined],
    ['/v1/settings', undefined],
  ])('%s is about %s', (url, path) => {
    expect(guardedBy(url)?.path).toBe(path);
  });
});
