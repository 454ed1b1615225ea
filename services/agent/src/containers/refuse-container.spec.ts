import type { Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import type { ContainerRequest } from './launch-container.js';
import { refuseContainer } from './refuse-container.js';

const MEM: Resource = { name: 'mem', type: 'SCALAR', scalar: { value: 32 } };
const ALONE = { id: { value: 'a' }, command: { value: 'true' } };
const NESTED = { ...ALONE, id: { value: 'n', parent: { value: 'p' } } };
const DEEP = { ...ALONE, id: { value: 'd', parent: { value: 'n', parent: { value: 'p' } } } };
const OWN = { type: 'MESOS', linux_info: { share_cgroups: false } } as const;

describe('refuseContainer', () => {
  it.each<[title: string, request: ContainerRequest]>([
    ['one that asks for nothing', ALONE],
    ['one that stands alone and asks for memory', { ...ALONE, resources: [MEM], limits: { mem: { value: 64 } } }],
    ['a nested one that shares the limits around it', NESTED],
    ['a nested one with cgroups and resources of its own', { ...NESTED, container: OWN, resources: [MEM] }],
    [
      'a nested one that shares pids',
      { ...NESTED, container: { type: 'MESOS', linux_info: { share_pid_namespace: true } } },
    ],
    ['one on a terminal', { ...NESTED, container: { type: 'MESOS', tty_info: {} } }],
    ['one two levels deep', DEEP],
  ])('takes %s', (_, request) => {
    expect(refuseContainer(request)).toBeUndefined();
  });

  it.each<[reason: RegExp, request: ContainerRequest]>([
    [/^The provided ContainerInfo is not supported$/, { ...NESTED, container: { type: 'DOCKER' } }],
    [/images of type APPC/, { ...ALONE, container: { type: 'MESOS', mesos: { image: { type: 'APPC' } } } }],
    [/Linux settings/, { ...ALONE, container: { type: 'MESOS', linux_info: { share_pid_namespace: true } } }],
    [/only with 'linux_info.share_cgroups' set to false$/, { ...NESTED, resources: [MEM] }],
    [/only with 'linux_info.share_cgroups' set to false$/, { ...NESTED, limits: { cpus: { value: 1 } } }],
    [/second level of nesting/, { ...DEEP, resources: [MEM] }],
    [/second level of nesting/, { ...DEEP, container: OWN }],
    [/'mem' of a standalone container must be unreserved/, { ...ALONE, resources: [{ ...MEM, role: 'eng' }] }],
    [/must be unreserved/, { ...ALONE, resources: [{ ...MEM, reservations: [{ type: 'DYNAMIC', role: 'eng' }] }] }],
    [/must not be revocable/, { ...ALONE, resources: [{ ...MEM, revocable: {} }] }],
    [
      /must not use persistent volumes/,
      { ...ALONE, resources: [{ ...MEM, name: 'disk', disk: { persistence: { id: 'v' } } }] },
    ],
  ])('says %s', (reason, request) => {
    expect(refuseContainer(request)).toMatch(reason);
  });
});
