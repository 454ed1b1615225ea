import { authorizerOf } from '@tranche/config';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.errors.js';
import { type AskedAction, demand, mayAll, mayDo, OPEN_PERMITS, type Permits, permitsFor } from './permits.js';

const ACLS = {
  permissive: false,
  update_quotas: [{ principals: { values: ['ops'] }, roles: { values: ['eng/%', 'web'] } }],
  run_tasks: [
    { principals: { values: ['ops'] }, users: { type: 'NONE' } },
    { principals: { type: 'ANY' }, users: { type: 'ANY' } },
  ],
  view_tasks: [
    { principals: { values: ['boss'] }, users: { values: ['root'] } },
    { principals: { type: 'NONE' }, users: { values: ['root'] } },
    { principals: { type: 'ANY' }, users: { type: 'ANY' } },
  ],
  view_flags: [{ principals: { values: ['boss'] }, flags: { type: 'ANY' } }],
};
const of = (principal?: string): Permits => permitsFor(authorizerOf({ authAcls: JSON.stringify(ACLS) }), principal);

function refusalOf(permits: Permits, ...asked: AskedAction[]) {
  try {
    demand(permits, ...asked);
  } catch (error) {
    return (error as ProblemError).problem;
  }
  return undefined;
}

describe('demand', () => {
  it('names who may not do what to what, and what is permitted instead', () => {
    expect(refusalOf(of('ops'), ['update_quotas', 'web'], ['update_quotas', 'eng'])).toMatchObject({
      status: 403,
      code: 'auth.not_permitted',
      detail: 'principal "ops" may not update_quotas of role "eng"',
      hints: [expect.stringContaining('update_quotas is permitted for the roles eng/%, web'), expect.any(String)],
    });
  });

  it('names no object where there is none', () => {
    expect(refusalOf(of(), ['view_flags'])?.detail).toBe('a caller without credentials may not view_flags');
    expect(refusalOf(of('ops'), ['run_tasks', 'root'])?.hints?.[0]).toContain('run_tasks is permitted for no users');
    expect(refusalOf(of('ops'), ['view_tasks', 'root'])?.hints?.[0]).toContain('for all users but root');
  });

  it('lets pass what is permitted', () => {
    expect(refusalOf(of('ops'), ['update_quotas', 'eng/dev'], ['update_quotas', 'web'])).toBeUndefined();
    expect(refusalOf(of('boss'), ['view_flags'])).toBeUndefined();
    expect(refusalOf(OPEN_PERMITS, ['view_flags'], ['update_quotas', 'x'])).toBeUndefined();
  });
});

describe('mayDo and mayAll', () => {
  it('ask for all of it', () => {
    expect(mayDo(of('ops'), ['update_quotas', 'web'], ['view_flags'])).toBe(false);
    expect(mayDo(of('ops'))).toBe(true);
    expect(mayAll(of('ops'), ['update_quotas'])).toBe(false);
    expect(mayAll(of('boss'), ['view_tasks', 'run_tasks'])).toBe(true);
    expect(mayAll(OPEN_PERMITS, ['update_quotas'])).toBe(true);
  });
});
