import type { Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import {
  createOperation,
  growVolumeOperation,
  launchGroupOperation,
  persistentVolume,
  reserved,
  reserveOperation,
  shrinkVolumeOperation,
} from './operations.js';

const disk: Resource = {
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 64 },
  allocation_info: { role: 'db' },
};

describe('operations', () => {
  it('reserve what was offered and make a volume of it, each in the form of the next', () => {
    const [own] = reserved([disk], { role: 'db', principal: 'p' });
    const volume = persistentVolume(own as Resource, { id: 'data', containerPath: 'data', principal: 'p' });
    const reservations = [{ type: 'DYNAMIC', role: 'db', principal: 'p' }];
    expect(reserveOperation([own as Resource], { id: 'r1' })).toEqual({
      type: 'RESERVE',
      id: { value: 'r1' },
      reserve: { resources: [{ ...disk, reservations }] },
    });
    const info = { persistence: { id: 'data', principal: 'p' }, volume: { container_path: 'data', mode: 'RW' } };
    expect(createOperation([volume])).toEqual({
      type: 'CREATE',
      create: { volumes: [{ ...disk, reservations, disk: info }] },
    });
    expect(growVolumeOperation(volume, own as Resource)).toMatchObject({ grow_volume: { volume, addition: own } });
    expect(shrinkVolumeOperation(volume, 16)).toMatchObject({ shrink_volume: { volume, subtract: { value: 16 } } });
  });

  it('refine a reservation that is there', () => {
    const [own] = reserved([disk], { role: 'db' });
    expect(reserved([own as Resource], { role: 'db/main' })[0]?.reservations).toEqual([
      { type: 'DYNAMIC', role: 'db' },
      { type: 'DYNAMIC', role: 'db/main' },
    ]);
  });

  it('launch groups', () => {
    const executor = { type: 'DEFAULT' as const, executor_id: { value: 'pod' } };
    expect(launchGroupOperation(executor, [])).toEqual({
      type: 'LAUNCH_GROUP',
      launch_group: { executor, task_group: { tasks: [] } },
    });
  });
});
