import { describe, expect, it } from 'vitest';
import { guardedBy, taggedPart } from './guarded.js';

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
    ['/v1/roles/eng/dev', undefined],
  ])('%s is about %s', (url, path) => {
    expect(guardedBy(url)?.path).toBe(path);
  });
});

describe('taggedPart', () => {
  const role = { name: 'eng/dev', weight: 2, guarantee: {}, limit: { cpus: 1 }, offered: { cpus: 3 } };

  it.each(['/v1/roles/eng/dev', '/v1/roles/eng%2Fdev?fields=name'])('of %s is what operators set', (url) => {
    expect(taggedPart(url, () => role)).toEqual(['eng/dev', 2, {}, { cpus: 1 }]);
  });

  it.each(['/v1/roles', '/v1/roles?limit=1', '/v1/tasks/t/logs', '/v1/settings/x'])('of %s is nothing', (url) => {
    expect(taggedPart(url, () => role)).toBeUndefined();
  });
});
