import { authorizerOf } from '@tranche/config';
import type { FrameworkRecord } from '@tranche/contracts';
import { givePermits, permitsFor, ProblemError } from '@tranche/http';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { RoleConfigs } from '../roles/role-configs.js';
import { RoleUsage } from '../usage/role-usage.js';
import { RolesApiController } from './roles-api.controller.js';

const SEES_ENG = JSON.stringify({
  view_roles: [
    { principals: { values: ['dev'] }, roles: { values: ['eng', 'eng/%'] } },
    { principals: { type: 'ANY' }, roles: { type: 'NONE' } },
  ],
});

const SEES_ALICE = JSON.stringify({
  permissive: true,
  view_frameworks: [
    { principals: { values: ['dev'] }, users: { values: ['alice'] } },
    { principals: { type: 'ANY' }, users: { type: 'NONE' } },
  ],
});

/** A framework in role `eng/dev`. */
const frameworkOf = (user: string): FrameworkRecord =>
  ({
    ...{ frameworkId: `f-${user}`, state: 'connected', roles: ['eng/dev'] },
    info: { user, name: 'n' },
  }) as unknown as FrameworkRecord;

function controller(frameworks: readonly FrameworkRecord[] = []): RolesApiController {
  const configs = new RoleConfigs();
  configs.put({ name: 'eng/dev', weight: 2, limitsMilli: { cpus: 3_000, mem: 64_000 } });
  configs.put({ name: 'ops', weight: 3 });
  const usage = new RoleUsage();
  for (const framework of frameworks) usage.applyFramework({ framework });
  return new RolesApiController(configs, usage);
}

function problemOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return { status: error.problem.status, code: error.problem.code };
    throw error;
  }
  return undefined;
}

describe('GET /v1/roles/ROLE', () => {
  const request = {} as FastifyRequest;

  it('shows a role with a name of several parts, and those above it', () => {
    expect(controller().one('eng/dev', request)).toMatchObject({
      ...{ name: 'eng/dev', weight: 2, limit: { cpus: 3, memBytes: 64 * 2 ** 20 }, frameworks: [] },
    });
    expect(controller().one('eng', request)).toMatchObject({ name: 'eng', weight: 1 });
  });

  it('does not know a role that nothing names', () => {
    expect(problemOf(() => controller().one('eng/qa', request))).toEqual({ status: 404, code: 'role.unknown' });
  });

  it('shows it to those who may see it, as the list does', () => {
    const asDev = {} as FastifyRequest;
    givePermits(asDev, permitsFor(authorizerOf({ authAcls: SEES_ENG }), 'dev'));
    expect(controller().one('eng/dev', asDev)).toMatchObject({ name: 'eng/dev' });
    expect(problemOf(() => controller().one('ops', asDev))).toEqual({ status: 403, code: 'auth.not_permitted' });
    expect(
      controller()
        .list({}, asDev)
        .items.map(({ name }) => name),
    ).toEqual(['eng', 'eng/dev']);
  });

  it('tells of the frameworks in it only those that somebody may see, as the list does', () => {
    const roles = controller([frameworkOf('alice'), frameworkOf('bob')]);
    const asDev = {} as FastifyRequest;
    givePermits(asDev, permitsFor(authorizerOf({ authAcls: SEES_ALICE }), 'dev'));
    const listed = (query: Readonly<Record<string, string>>): unknown[] =>
      roles.list(query, asDev).items.map(({ name, frameworks }) => [name, frameworks]);
    expect(roles.one('eng/dev', request).frameworks).toEqual(['f-alice', 'f-bob']);
    expect(roles.one('eng/dev', asDev).frameworks).toEqual(['f-alice']);
    expect(listed({ name: 'eng/dev' })).toEqual([['eng/dev', ['f-alice']]]);
    expect(listed({ frameworkId: 'f-alice' })).toEqual([['eng/dev', ['f-alice']]]);
    expect(listed({ frameworkId: 'f-bob' })).toEqual([]);
  });
});
