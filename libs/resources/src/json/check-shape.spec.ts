import { describe, expect, it } from 'vitest';
import { asResourceJson } from './check-shape.js';

const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };

describe('asResourceJson', () => {
  it('keeps what it knows and leaves unknown members and nulls out', () => {
    expect(asResourceJson({ ...cpus, color: 'red', role: null, scalar: { value: 1, unit: 'x' } })).toEqual(cpus);
  });

  it('keeps every member of a full document', () => {
    const full = {
      provider_id: { value: 'rp' },
      ...cpus,
      role: 'r',
      allocation_info: { role: 'r' },
      reservation: { principal: 'p' },
      reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p', labels: { labels: [{ key: 'k', value: 'v' }] } }],
      disk: {
        persistence: { id: 'v', principal: 'p' },
        volume: { mode: 'RW', container_path: 'data', host_path: '/h' },
        source: { type: 'PATH', path: { root: '/p' }, vendor: 'a', id: 'b', metadata: {}, profile: 'c' },
      },
      revocable: {},
      shared: {},
    };
    expect(asResourceJson(full)).toEqual(full);
  });

  it.each([
    [5, 'resource: expected an object'],
    [[], 'resource: expected an object'],
    [null, 'resource: expected an object'],
    [{ type: 'SCALAR' }, 'name: expected a string'],
    [{ name: 5, type: 'SCALAR' }, 'name: expected a string'],
    [{ name: 'cpus' }, 'type: expected SCALAR, RANGES or SET'],
    [{ name: 'cpus', type: 'scalar' }, 'type: expected one of SCALAR, RANGES, SET, TEXT'],
    [{ ...cpus, scalar: 1 }, 'scalar: expected an object'],
    [{ ...cpus, scalar: {} }, 'scalar.value: missing'],
    [{ ...cpus, scalar: { value: '1' } }, 'scalar.value: expected a number'],
    [{ name: 'p', type: 'RANGES', ranges: { range: {} } }, 'ranges.range: expected a list'],
    [{ name: 'p', type: 'RANGES', ranges: { range: [{ begin: 1 }] } }, 'ranges.range[0].end: missing'],
    [
      { name: 'p', type: 'RANGES', ranges: { range: [{ begin: -1, end: 1 }] } },
      'ranges.range[0].begin: expected a whole number',
    ],
    [
      { name: 'p', type: 'RANGES', ranges: { range: [{ begin: 1, end: 1.5 }] } },
      'ranges.range[0].end: expected a whole number',
    ],
    [{ name: 's', type: 'SET', set: { item: [1] } }, 'set.item[0]: expected a string'],
    [{ ...cpus, role: 1 }, 'role: expected a string'],
    [{ ...cpus, reservations: [{ type: 'NONE' }] }, 'reservations[0].type: expected one of STATIC, DYNAMIC'],
    [{ ...cpus, reservation: { labels: { labels: [{}] } } }, 'reservation.labels.labels[0].key: missing'],
    [{ ...cpus, disk: { persistence: {} } }, 'disk.persistence.id: missing'],
    [{ ...cpus, disk: { volume: { container_path: 'x' } } }, 'disk.volume.mode: missing'],
    [{ ...cpus, disk: { source: { type: 'TAPE' } } }, 'disk.source.type: expected one of'],
    [{ ...cpus, disk: { source: { type: 'PATH', path: { root: 5 } } } }, 'disk.source.path.root: expected a string'],
    [{ ...cpus, shared: true }, 'shared: expected an object'],
    [{ ...cpus, provider_id: {} }, 'provider_id.value: missing'],
  ])('refuses %j', (value, message) => {
    expect(() => asResourceJson(value)).toThrow(message);
  });

  it('is not misled by inherited names', () => {
    expect(() => asResourceJson(Object.create({ name: 'cpus', type: 'SCALAR' }))).toThrow('name: expected a string');
  });
});
