import { describe, expect, it } from 'vitest';
import type { Reservation, Resource } from '../resource.js';
import { Resources } from '../resources.js';
import { isAllocatableTo, popReservation, pushReservation } from './reservation.js';

function cpus(...reservations: Reservation[]): Resource {
  return { name: 'cpus', value: { kind: 'scalar', milli: 1000 }, reservations };
}
const dynamic = (role: string): Reservation => ({ type: 'DYNAMIC', role });
const statically = (role: string): Reservation => ({ type: 'STATIC', role });

describe('isAllocatableTo', () => {
  it.each([
    ['unreserved', cpus(), true],
    ['reserved for the role', cpus(statically('a/b')), true],
    ['reserved for an ancestor', cpus(statically('a')), true],
    ['reserved for a descendant', cpus(dynamic('a/b/c')), false],
    ['reserved for a sibling', cpus(dynamic('a/x')), false],
    ['refined beyond the role', cpus(statically('a'), dynamic('a/b/c')), false],
  ])('%s, asked for a/b: (A10)', (_name, resource, expected) => {
    expect(isAllocatableTo(resource, 'a/b')).toBe(expected);
  });
});

describe('pushReservation', () => {
  it('puts a refinement on top of the stack (A10)', () => {
    const refined = pushReservation(cpus(statically('a')), { ...dynamic('a/b'), principal: 'p' });
    expect(refined.reservations).toEqual([statically('a'), { type: 'DYNAMIC', role: 'a/b', principal: 'p' }]);
  });

  it('makes an unreserved resource reserved, also statically', () => {
    expect(pushReservation(cpus(), statically('a')).reservations).toEqual([statically('a')]);
  });

  it.each([
    ['a role that is not below', cpus(dynamic('a')), dynamic('b'), "role 'b' is not a refinement of 'a'"],
    ['the same role', cpus(dynamic('a')), dynamic('a'), "role 'a' is not a refinement of 'a'"],
    ['a static refinement', cpus(dynamic('a')), statically('a/b'), 'A refined reservation cannot be STATIC'],
    ['the default role', cpus(), dynamic('*'), 'role "*" cannot be reserved'],
    ['an invalid role', cpus(), dynamic('a/'), "Role 'a/' cannot end with a slash"],
  ])('refuses %s (A10)', (_name, resource, entry, message) => {
    expect(() => pushReservation(resource, entry)).toThrow(message);
  });

  it('leaves everything else as it is', () => {
    const [volume] = Resources.parse('disk(r)[MOUNT:/m,v]<SHARED*2>:5');
    const pushed = pushReservation(volume as Resource, dynamic('r/s'));
    expect(popReservation(pushed)).toEqual({ ...popReservation(pushed), disk: volume?.disk, shared: true, copies: 2 });
  });
});

describe('popReservation', () => {
  it('undoes a push', () => {
    expect(popReservation(cpus(statically('a'), dynamic('a/b'))).reservations).toEqual([statically('a')]);
  });

  it.each([
    ['an unreserved resource', cpus(), 'Resource cpus:1 is not dynamically reserved'],
    ['a static reservation', cpus(statically('a')), 'is not dynamically reserved'],
  ])('refuses %s with the words of Mesos', (_name, resource, message) => {
    expect(() => popReservation(resource)).toThrow(message);
  });
});
