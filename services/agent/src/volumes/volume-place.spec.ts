import type { DiskSource, Resource } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { volumePlace } from './volume-place.js';

const volume = (id: string, role: string, source?: DiskSource): Resource => ({
  name: 'disk',
  value: { kind: 'scalar', milli: 1_000 },
  reservations: [{ type: 'DYNAMIC', role }],
  disk: { persistence: { id }, ...(source && { source }) },
});

describe('volumePlace', () => {
  it.each<[string, Resource, string, string | undefined]>([
    ['below the work directory', volume('v', 'web'), '/w/volumes/roles/web/v', '/w/volumes/removed/t'],
    ['with spaces for the slashes of a role', volume('v', 'a/b/c'), '/w/volumes/roles/a b c/v', '/w/volumes/removed/t'],
    [
      'below the root of a PATH disk',
      volume('v', 'web', { type: 'PATH', root: '/ssd' }),
      '/ssd/volumes/roles/web/v',
      '/ssd/volumes/removed/t',
    ],
    [
      'below a root that is below the work directory',
      volume('v', 'web', { type: 'PATH', root: 'ssd' }),
      '/w/ssd/volumes/roles/web/v',
      '/w/ssd/volumes/removed/t',
    ],
    ['at the root of a MOUNT disk', volume('v', 'web', { type: 'MOUNT', root: '/hdd' }), '/hdd', undefined],
  ])('is %s', (_where, resource, path, trash) => {
    expect(volumePlace('/w', resource, 't')).toEqual({ path, ...(trash && { trash }) });
  });

  it.each([
    ['..', 'web'],
    ['a/b', 'web'],
    ['', 'web'],
    ['v', '..'],
    ['v', 'a/../b'],
    ['v', '/a'],
  ])('refuses the id %j of role %j', (id, role) => {
    expect(() => volumePlace('/w', volume(id, role))).toThrow(expect.objectContaining({ code: 'agent/bad-volume' }));
  });
});
