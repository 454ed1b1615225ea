import { authorizerOf } from '@tranche/config';
import type { Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { OPEN_PERMITS, permitsFor } from './permits.js';
import { type Sight, sightOf } from './sight.js';

const some = (values: readonly string[]) => ({ principals: { values: ['dev'] }, users: { values } });
const ACLS = {
  permissive: false,
  view_frameworks: [some(['alice', 'bob'])],
  view_tasks: [some(['alice'])],
  view_executors: [some(['bob'])],
  view_roles: [{ principals: { values: ['dev'] }, roles: { values: ['eng', 'eng/%'] } }],
};
const of = (acls: object, principal = 'dev'): Sight | undefined =>
  sightOf(permitsFor(authorizerOf({ authAcls: JSON.stringify(acls) }), principal));

const resource = (more: Partial<Resource>): Resource => ({ name: 'cpus', type: 'SCALAR', ...more });
const reservations = (...roles: string[]) => ({ reservations: roles.map((role) => ({ role })) });

describe('sightOf', () => {
  it('is none for who may see everything', () => {
    expect(sightOf(OPEN_PERMITS)).toBeUndefined();
    expect(of({ view_flags: [], update_quotas: [] })).toBeUndefined();
  });

  it('sees what is of a framework that it sees, and runs as whom it sees', () => {
    const sight = of(ACLS);
    expect(['alice', 'bob', 'eve'].map((user) => sight?.framework(user))).toEqual([true, true, false]);
    expect(sight?.task('alice', 'bob')).toBe(true);
    expect(sight?.task('bob', 'alice')).toBe(false);
    expect(sight?.task('alice', 'eve')).toBe(false);
    expect(sight?.task('alice', undefined)).toBe(false);
    expect(sight?.executor('bob', 'alice')).toBe(true);
  });

  it.each([
    [{}, true],
    [{ role: '*' }, true],
    [{ role: 'web' }, false],
    [reservations('eng', 'eng/dev'), true],
    [reservations('web', 'web/a'), false],
    [reservations('eng', 'web'), false],
    [{ allocation_info: { role: 'eng/dev' } }, true],
    [{ ...reservations('eng'), allocation_info: { role: 'web' } }, false],
  ])('of resource %j: %j', (more, expected) => {
    expect(of(ACLS)?.resource(resource(more as Partial<Resource>))).toBe(expected);
  });
});
