import { describe, expect, it } from 'vitest';
import type { DiskSourceJson, ReservationJson, ResourceJson } from './resource-json.js';
import { resourceError, validateResources } from './validate-resources.js';

const scalar = { type: 'SCALAR', scalar: { value: 1 } } as const;
const cpus = (more: Partial<ResourceJson> = {}): ResourceJson => ({ name: 'cpus', ...scalar, ...more });
const disk = (source: DiskSourceJson): ResourceJson => ({ name: 'disk', ...scalar, disk: { source } });
const stack = (...reservations: ReservationJson[]): ResourceJson => cpus({ reservations });
const ports = (...range: [number, number][]): ResourceJson => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: range.map(([begin, end]) => ({ begin, end })) },
});

const FORMAT = 'Invalid resource format: ';

describe('what Mesos refuses in a resource', () => {
  it.each<[string, ResourceJson]>([
    ['Empty resource name', cpus({ name: '' })],
    ['Invalid scalar resource', { name: 'cpus', type: 'SCALAR' }],
    ['Invalid scalar resource', cpus({ set: {} })],
    ['Invalid ranges resource', { name: 'ports', type: 'RANGES' }],
    ['Invalid ranges resource', { ...ports([1, 2]), scalar: { value: 1 } }],
    ['Invalid set resource', { name: 'zones', type: 'SET' }],
    ['Invalid set resource', { name: 'zones', type: 'SET', set: {}, ranges: {} }],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: -1 } })],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: 0.0004 } })],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: 5e-324 } })],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: 'Infinity' } })],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: 'NaN' } })],
    ['Invalid scalar resource: value too large', cpus({ scalar: { value: 1e15 } })],
    ['Invalid ranges resource: begin > end', ports([2, 1])],
    ['Invalid ranges resource: overlapping ranges', ports([5, 9], [1, 5])],
    ['Invalid ranges resource: bound too large', ports([1, 2 ** 53])],
    ['Invalid set resource: duplicated elements', { name: 'zones', type: 'SET', set: { item: ['a', 'a'] } }],
    ['Unsupported resource type', { name: 'x', type: 'TEXT' }],
    ['DiskInfo should not be set for cpus resource', cpus({ disk: {} })],
    ['Mount should not be set for RAW disk source', disk({ type: 'RAW', mount: {} })],
    ['Path should not be set for BLOCK disk source', disk({ type: 'BLOCK', path: {} })],
    ["Unsupported 'DiskInfo.Source.Type' in 'UNKNOWN'", disk({ type: 'UNKNOWN' })],
    ["Role '/a' cannot start with a slash", cpus({ role: '/a' })],
    [
      "'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field",
      cpus({ role: 'a', reservation: { type: 'DYNAMIC' } }),
    ],
    [
      "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field",
      cpus({ role: 'a', reservation: { role: 'a' } }),
    ],
    ['Invalid reservation: role "*" cannot be dynamically reserved', cpus({ role: '*', reservation: {} })],
    ['Invalid reservation: role "*" cannot be dynamically reserved', cpus({ reservation: {} })],
    ["Invalid reservation: 'Resource.ReservationInfo.type' field must be set.", stack({ role: 'a' })],
    ["Invalid reservation: 'Resource.ReservationInfo.role' field must be set.", stack({ type: 'STATIC' })],
    ["Role 'a/' cannot end with a slash", stack({ type: 'STATIC', role: 'a/' })],
    ['Invalid reservation: role "*" cannot be reserved', stack({ type: 'STATIC', role: '*' })],
    ["Unsupported 'Resource.ReservationInfo.Type'", stack({ type: 'UNKNOWN', role: 'a' })],
    [
      'Invalid refined reservation: A refined reservation cannot be STATIC',
      stack({ type: 'STATIC', role: 'a' }, { type: 'STATIC', role: 'a/b' }),
    ],
    [
      "Invalid refined reservation: role 'b' is not a refinement of 'a'",
      stack({ type: 'STATIC', role: 'a' }, { type: 'DYNAMIC', role: 'b' }),
    ],
    [
      `${FORMAT}'Resource.role' field with 'b' does not match the role 'a' in 'Resource.reservations'`,
      { ...stack({ type: 'STATIC', role: 'a' }), role: 'b' },
    ],
    [
      `${FORMAT}'Resource.reservation' must not be set if the single reservation in 'Resource.reservations' is STATIC`,
      { ...stack({ type: 'STATIC', role: 'a' }), reservation: {} },
    ],
    [
      `${FORMAT}'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC`,
      { ...stack({ type: 'DYNAMIC', role: 'a' }), role: 'a' },
    ],
    [
      `${FORMAT}'Resource.reservation.principal' field with 'q' does not match the principal 'p' in 'Resource.reservations'`,
      { ...stack({ type: 'DYNAMIC', role: 'a', principal: 'p' }), role: 'a', reservation: { principal: 'q' } },
    ],
    [
      `${FORMAT}'Resource.reservation.labels' field with '{k: v}' does not match the labels '{}' in 'Resource.reservations'`,
      {
        ...stack({ type: 'DYNAMIC', role: 'a' }),
        role: 'a',
        reservation: { labels: { labels: [{ key: 'k', value: 'v' }] } },
      },
    ],
    [
      `${FORMAT}'Resource.role' must not be set if there is more than one reservation in 'Resource.reservations'`,
      { ...stack({ type: 'STATIC', role: 'a' }, { type: 'DYNAMIC', role: 'a/b' }), role: 'a' },
    ],
    [
      `${FORMAT}'Resource.reservation' must not be set if there is more than one reservation in 'Resource.reservations'`,
      { ...stack({ type: 'STATIC', role: 'a' }, { type: 'DYNAMIC', role: 'a/b' }), reservation: {} },
    ],
    ['Resource cpus cannot be shared', cpus({ shared: {} })],
    ['Only persistent volumes can be shared', { name: 'disk', ...scalar, shared: {} }],
  ])('%s', (message, json) => {
    expect(resourceError(json)).toBe(message);
  });

  it.each<[string, ResourceJson]>([
    ['exactly zero', cpus({ scalar: { value: 0 } })],
    ['a value that rounds up to 0.001', cpus({ scalar: { value: 0.0005 } })],
    ['touching ranges in any order', ports([3, 4], [1, 2])],
    ['bounds as decimal strings', { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: '1', end: '2' }] } }],
    ['no range and no item', { name: 'zones', type: 'SET', set: {} }],
    [
      'both forms that agree',
      { ...stack({ type: 'DYNAMIC', role: 'a', principal: 'p' }), role: 'a', reservation: { principal: 'p' } },
    ],
    [
      'labels of both forms in any order',
      {
        ...stack({ type: 'DYNAMIC', role: 'a', labels: { labels: [{ key: 'x' }, { key: 'y' }] } }),
        role: 'a',
        reservation: { labels: { labels: [{ key: 'y' }, { key: 'x' }] } },
      },
    ],
    ['a static reservation in both forms', { ...stack({ type: 'STATIC', role: 'a' }), role: 'a' }],
    ['a disk without root', disk({ type: 'MOUNT' })],
  ])('not: %s', (_name, json) => {
    expect(resourceError(json)).toBeUndefined();
  });
});

describe('validateResources', () => {
  it('wraps the first error with the printed resource', () => {
    expect(validateResources([cpus(), cpus({ scalar: { value: -2 } }), cpus({ name: '' })])).toBe(
      "Resource 'cpus:-2' is invalid: Invalid scalar resource: value <= 0",
    );
  });

  it('prints what there is of an incomplete resource', () => {
    expect(validateResources([{ name: 'disk', type: 'SCALAR', allocation_info: {}, shared: {} }])).toBe(
      "Resource 'disk(allocated: )<SHARED>:0' is invalid: Invalid scalar resource",
    );
  });

  it('has nothing to say about valid ones', () => {
    expect(validateResources([cpus(), ports([1, 2])])).toBeUndefined();
  });
});
