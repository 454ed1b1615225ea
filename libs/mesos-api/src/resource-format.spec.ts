import { describe, expect, it } from 'vitest';
import type { Resource } from './generated/mesos.js';
import {
  offerForFramework,
  reservationRole,
  resourcesForFramework,
  toEndpointFormat,
  toPostRefinement,
  toPreRefinement,
} from './resource-format.js';

const cpus = (members: Partial<Resource>): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value: 1 },
  ...members,
});
const labels = { labels: [{ key: 'k', value: 'v' }] };

const unreserved = cpus({});
const fixed = cpus({ reservations: [{ type: 'STATIC', role: 'r' }] });
const dynamic = cpus({ reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p', labels }] });
const refined = cpus({
  reservations: [
    { type: 'STATIC', role: 'a' },
    { type: 'DYNAMIC', role: 'a/b' },
  ],
});

describe('pre-refinement', () => {
  it.each([
    ['unreserved', unreserved, cpus({ role: '*' })],
    ['static', fixed, cpus({ role: 'r' })],
    ['dynamic', dynamic, cpus({ role: 'r', reservation: { principal: 'p', labels } })],
    [
      'dynamic without principal',
      cpus({ reservations: [{ type: 'DYNAMIC', role: 'r' }] }),
      cpus({ role: 'r', reservation: {} }),
    ],
  ])('represents %s resources, and back', (_what, post, pre) => {
    expect(toPreRefinement(post)).toEqual(pre);
    expect(toPostRefinement(pre)).toEqual(post);
  });

  it('cannot represent a refined reservation', () => {
    expect(toPreRefinement(refined)).toBeUndefined();
  });
});

describe('endpoint format', () => {
  it.each([
    ['unreserved', unreserved, cpus({ role: '*' })],
    ['static', fixed, cpus({ ...fixed, role: 'r' })],
    ['dynamic', dynamic, cpus({ ...dynamic, role: 'r', reservation: { principal: 'p', labels } })],
    ['refined', refined, refined],
  ])('represents %s resources, and back', (_what, post, endpoint) => {
    expect(toEndpointFormat(post)).toEqual(endpoint);
    expect(toPostRefinement(endpoint)).toEqual(post);
  });
});

describe('reservationRole', () => {
  it('is that of the last reservation, in any representation', () => {
    expect(reservationRole(refined)).toBe('a/b');
    expect(reservationRole(cpus({ role: 'r' }))).toBe('r');
    expect(reservationRole(cpus({ role: '*' }))).toBeUndefined();
  });
});

describe('what a framework sees', () => {
  const allocated = [unreserved, refined].map((r) => ({ ...r, allocation_info: { role: 'web' } }));

  it('has allocation_info only if it is MULTI_ROLE', () => {
    expect(resourcesForFramework(allocated, new Set(['RESERVATION_REFINEMENT']))).toEqual([unreserved, refined]);
    expect(resourcesForFramework(allocated, new Set(['RESERVATION_REFINEMENT', 'MULTI_ROLE']))).toEqual(allocated);
  });

  it('has no refined reservations and the old fields without RESERVATION_REFINEMENT', () => {
    expect(resourcesForFramework(allocated, new Set(['MULTI_ROLE']))).toEqual([
      cpus({ role: '*', allocation_info: { role: 'web' } }),
    ]);
  });

  it('has offers without allocation_info when it has no capability', () => {
    const offer = {
      id: { value: 'o' },
      framework_id: { value: 'f' },
      agent_id: { value: 'a' },
      hostname: 'h',
      resources: allocated,
      allocation_info: { role: 'web' },
    };
    const { allocation_info: _allocation, ...rest } = offer;
    expect(offerForFramework(offer, new Set())).toEqual({ ...rest, resources: [cpus({ role: '*' })] });
    expect(offer.resources).toBe(allocated);
  });
});
