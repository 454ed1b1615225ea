import type { Resource, TaskInfo, Volume } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { taskInfo } from '../testing/task.builder.js';
import { unsupportedFeatures } from './unsupported-features.js';

describe('unsupportedFeatures', () => {
  it('finds nothing in a plain command task', () => {
    expect(unsupportedFeatures(taskInfo({ container: { type: 'MESOS' }, labels: {}, kill_policy: {} }))).toEqual([]);
  });

  it('finds nothing in persistent volumes, folders of the host and of the sandbox', () => {
    const volumes: Volume[] = [
      { mode: 'RO', container_path: '/etc/x', host_path: '/srv/x' },
      {
        mode: 'RW',
        container_path: '/tmp',
        source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'SELF', path: 't' } },
      },
    ];
    const resources: Resource[] = [
      { name: 'disk', type: 'SCALAR', scalar: { value: 1 }, disk: { persistence: { id: 'p' } } },
    ];
    expect(unsupportedFeatures(taskInfo({ container: { type: 'MESOS', volumes }, resources }))).toEqual([]);
  });

  it.each<[string, Partial<TaskInfo>]>([
    ['images of type APPC', { container: { type: 'MESOS', mesos: { image: { type: 'APPC' } } } }],
    ['Docker containers', { container: { type: 'DOCKER', docker: { image: 'x' } } }],
    [
      'volumes of type SECRET',
      { container: { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'x', source: { type: 'SECRET' } }] } },
    ],
    [
      'images of type APPC',
      { container: { type: 'MESOS', volumes: [{ mode: 'RO', container_path: 'x', image: { type: 'APPC' } }] } },
    ],
    [
      'mounts that spread to the host',
      {
        container: {
          type: 'MESOS',
          volumes: [
            {
              mode: 'RW',
              container_path: '/x',
              source: { type: 'HOST_PATH', host_path: { path: '/x', mount_propagation: { mode: 'BIDIRECTIONAL' } } },
            },
          ],
        },
      },
    ],
    ['container networks', { container: { type: 'MESOS', network_infos: [{ name: 'net-a' }] } }],
    ['Linux settings of containers', { container: { type: 'MESOS', linux_info: { share_pid_namespace: true } } }],
    [
      'secrets by reference in the environment',
      {
        command: {
          value: 'x',
          environment: {
            variables: [{ name: 'A', type: 'SECRET', secret: { type: 'REFERENCE', reference: { name: 'db' } } }],
          },
        },
      },
    ],
    [
      'block devices and raw disks',
      { resources: [{ name: 'disk', type: 'SCALAR', scalar: { value: 1 }, disk: { source: { type: 'BLOCK' } } }] },
    ],
  ])('names %s', (feature, more) => {
    expect(unsupportedFeatures(taskInfo(more))).toEqual([feature]);
  });

  it('finds nothing in a secret that bears its value', () => {
    const variables = [
      { name: 'A', type: 'SECRET' as const, secret: { type: 'VALUE' as const, value: { data: 'eA==' } } },
    ];
    expect(unsupportedFeatures(taskInfo({ command: { value: 'x', environment: { variables } } }))).toEqual([]);
  });

  it('looks at what checks run too', () => {
    const reference = { type: 'REFERENCE' as const, reference: { name: 'db' } };
    const command = { environment: { variables: [{ name: 'A', type: 'SECRET' as const, secret: reference }] } };
    const expected = ['secrets by reference in the environment'];
    expect(unsupportedFeatures(taskInfo({ check: { type: 'COMMAND', command: { command } } }))).toEqual(expected);
    expect(unsupportedFeatures(taskInfo({ health_check: { type: 'COMMAND', command } }))).toEqual(expected);
  });

  it('names all of them at once', () => {
    expect(unsupportedFeatures(taskInfo({ container: { type: 'MESOS', hostname: 'h', rlimit_info: {} } }))).toEqual([
      'container host names',
      'resource limits of processes',
    ]);
  });
});
