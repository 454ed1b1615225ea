import type { OfferOperation, Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { askedByOperation } from './asked-by-operation.js';

const resource = (...reservations: { role: string; principal?: string }[]): Resource => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 1 },
  reservations: reservations.map((one) => ({ type: 'DYNAMIC' as const, ...one })),
});
const volume = (role: string, principal?: string): Resource => ({
  ...resource({ role }),
  disk: { persistence: { id: 'v', ...(principal === undefined ? {} : { principal }) } },
});
const diskOf = (type: 'MOUNT' | 'BLOCK' | 'RAW'): Resource => ({
  ...resource({ role: 'r' }),
  disk: { source: { type } },
});

const CASES: readonly (readonly [OfferOperation, readonly (readonly [string, string?])[]])[] = [
  [
    { type: 'RESERVE', reserve: { resources: [resource({ role: 'a' }, { role: 'a/b' }), resource({ role: 'c' })] } },
    [
      ['reserve_resources', 'a/b'],
      ['reserve_resources', 'c'],
    ],
  ],
  [
    {
      type: 'RESERVE',
      reserve: { source: [resource({ role: 'a', principal: 'p' })], resources: [resource({ role: 'b' })] },
    },
    [
      ['reserve_resources', 'b'],
      ['unreserve_resources', 'p'],
    ],
  ],
  [{ type: 'RESERVE', reserve: { resources: [] } }, [['reserve_resources']]],
  [
    {
      type: 'UNRESERVE',
      unreserve: { resources: [resource({ role: 'a', principal: 'x' }, { role: 'a/b', principal: 'p' })] },
    },
    [['unreserve_resources', 'p']],
  ],
  [{ type: 'UNRESERVE', unreserve: { resources: [resource({ role: 'a' })] } }, [['unreserve_resources', undefined]]],
  [{ type: 'CREATE', create: { volumes: [volume('a', 'p')] } }, [['create_volumes', 'a']]],
  [{ type: 'DESTROY', destroy: { volumes: [volume('a', 'p')] } }, [['destroy_volumes', 'p']]],
  [
    { type: 'GROW_VOLUME', grow_volume: { volume: volume('a'), addition: resource({ role: 'a' }) } },
    [['resize_volumes', 'a']],
  ],
  [
    { type: 'SHRINK_VOLUME', shrink_volume: { volume: volume('a'), subtract: { value: 1 } } },
    [['resize_volumes', 'a']],
  ],
  [
    { type: 'CREATE_DISK', create_disk: { source: diskOf('RAW'), target_type: 'MOUNT' } },
    [['create_mount_disks', 'r']],
  ],
  [
    { type: 'CREATE_DISK', create_disk: { source: diskOf('RAW'), target_type: 'BLOCK' } },
    [['create_block_disks', 'r']],
  ],
  [{ type: 'DESTROY_DISK', destroy_disk: { source: diskOf('MOUNT') } }, [['destroy_mount_disks', 'r']]],
  [{ type: 'DESTROY_DISK', destroy_disk: { source: diskOf('BLOCK') } }, [['destroy_block_disks', 'r']]],
  [{ type: 'DESTROY_DISK', destroy_disk: { source: diskOf('RAW') } }, [['destroy_raw_disks', 'r']]],
  [{ type: 'LAUNCH', launch: { task_infos: [] } }, []],
];

describe('askedByOperation', () => {
  it.each(CASES)('%j', (operation, asked) => {
    expect(askedByOperation(operation)).toEqual(asked);
  });

  it('reads reservations in the old form', () => {
    const old: Resource = {
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 1 },
      role: 'a',
      reservation: { principal: 'p' },
    };
    expect(askedByOperation({ type: 'RESERVE', reserve: { resources: [old] } })).toEqual([['reserve_resources', 'a']]);
    expect(askedByOperation({ type: 'UNRESERVE', unreserve: { resources: [old] } })).toEqual([
      ['unreserve_resources', 'p'],
    ]);
  });
});
