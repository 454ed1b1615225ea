import type { TaskInfo } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { taskInfo } from '../testing/task.builder.js';
import { unsupportedFeatures } from './unsupported-features.js';

describe('unsupportedFeatures', () => {
  it('finds nothing in a plain command task', () => {
    expect(unsupportedFeatures(taskInfo({ container: { type: 'MESOS' }, labels: {}, kill_policy: {} }))).toEqual([]);
  });

  it.each<[string, Partial<TaskInfo>]>([
    ['container images', { container: { type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: 'x' } } } } }],
    ['Docker containers', { container: { type: 'DOCKER', docker: { image: 'x' } } }],
    ['volumes', { container: { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'x' }] } }],
    ['container networks', { container: { type: 'MESOS', network_infos: [{ name: 'net-a' }] } }],
    ['Linux settings of containers', { container: { type: 'MESOS', linux_info: { share_pid_namespace: true } } }],
    ['custom executors', { executor: { executor_id: { value: 'e' } } }],
    ['fetching URIs', { command: { value: 'x', uris: [{ value: 'http://h/f' }] } }],
    [
      'secrets in the environment',
      {
        command: { value: 'x', environment: { variables: [{ name: 'A', type: 'SECRET', secret: { type: 'VALUE' } }] } },
      },
    ],
    ['health checks', { health_check: { type: 'COMMAND', command: { value: 'true' } } }],
    ['checks', { check: { type: 'COMMAND', command: { command: { value: 'true' } } } }],
    [
      'persistent volumes and disk sources',
      { resources: [{ name: 'disk', type: 'SCALAR', scalar: { value: 1 }, disk: { persistence: { id: 'p' } } }] },
    ],
  ])('names %s', (feature, more) => {
    expect(unsupportedFeatures(taskInfo(more))).toEqual([feature]);
  });

  it('names all of them at once', () => {
    expect(
      unsupportedFeatures(taskInfo({ health_check: { type: 'COMMAND' }, container: { type: 'MESOS', hostname: 'h' } })),
    ).toEqual(['container host names', 'health checks']);
  });
});
