import { describe, expect, it } from 'vitest';
import { ACL_ACTION_NAMES, ACL_ACTIONS, type AclActionName } from './acl-actions.js';
import { authorizerOf } from './authorizer.js';

interface Entity {
  readonly type?: 'ANY' | 'NONE';
  readonly values?: readonly string[];
}
const ANY: Entity = { type: 'ANY' };
const NONE: Entity = { type: 'NONE' };
const some = (...values: string[]): Entity => ({ values });

/** Entries of one action, each of principals and objects. */
function authorizer(action: AclActionName, entries: readonly (readonly [Entity, Entity])[], permissive = true) {
  const { objects } = ACL_ACTIONS[action];
  const list = entries.map(([principals, what]) => ({ principals, [objects]: what }));
  return authorizerOf({ authAcls: JSON.stringify({ permissive, [action]: list }) });
}

describe('an entry', () => {
  /** Request, entity, whether the entity matches it, whether it allows it: formats §8.2, both tables, all cells. */
  const TABLE: readonly [string | undefined, Entity, boolean, boolean][] = [
    ['a', some('a', 'b'), true, true],
    ['a', some('b'), false, false],
    ['a', some(), false, false],
    ['a', NONE, true, false],
    ['a', ANY, true, true],
    [undefined, some('a'), false, false],
    [undefined, NONE, true, false],
    [undefined, ANY, true, true],
  ];
  const cases = TABLE.flatMap((subject) => TABLE.map((object) => [subject, object] as const));

  it.each(cases)(
    'of subject %j and object %j',
    ([principal, principals, ...ofSubject], [value, users, ...ofObject]) => {
      const [isMatched, isAllowed] = [ofSubject[0] && ofObject[0], ofSubject[1] && ofObject[1]];
      for (const permissive of [true, false]) {
        const decided = authorizer('run_tasks', [[principals, users]], permissive).may(principal, 'run_tasks', value);
        expect(decided).toBe(isMatched ? isAllowed : permissive);
      }
    },
  );
});

describe('a list of entries', () => {
  it('is decided by the first that matches', () => {
    const rules = authorizer('run_tasks', [
      [some('fw'), some('web')],
      [some('fw'), NONE],
      [ANY, some('guest')],
    ]);
    expect(rules.may('fw', 'run_tasks', 'web')).toBe(true);
    expect(rules.may('fw', 'run_tasks', 'guest')).toBe(false);
    expect(rules.may('other', 'run_tasks', 'guest')).toBe(true);
    expect(rules.may('other', 'run_tasks', 'root')).toBe(true);
  });

  it.each(ACL_ACTION_NAMES)('of %s is asked for that action alone', (action) => {
    const rules = authorizer(action, [[some('ops'), NONE]]);
    for (const other of ACL_ACTION_NAMES) expect(rules.may('ops', other)).toBe(other !== action);
    expect(rules.may('dev', action)).toBe(true);
  });
});

describe('roles', () => {
  it('below a role are meant by /%, the role itself is not', () => {
    const rules = authorizer('update_quotas', [[some('ops'), some('eng/%', 'web')]], false);
    const may = (role: string): boolean => rules.may('ops', 'update_quotas', role);
    expect(['eng/dev', 'eng/dev/a', 'web'].map(may)).toEqual([true, true, true]);
    expect(['eng', 'eng/', 'engine', 'engine/a', 'web/a', '*'].map(may)).toEqual(Array(6).fill(false));
  });

  it('alone have such values', () => {
    const rules = authorizer('run_tasks', [[some('ops'), some('eng/%')]], false);
    expect(rules.may('ops', 'run_tasks', 'eng/dev')).toBe(false);
  });

  it('may be refused below one that is allowed', () => {
    const rules = authorizer('view_roles', [
      [ANY, some('eng/secret/%')],
      [ANY, NONE],
    ]);
    expect(rules.may('x', 'view_roles', 'eng/secret/a')).toBe(true);
    expect(rules.may('x', 'view_roles', 'eng/a')).toBe(false);
  });
});

describe('scopeOf', () => {
  it('tells what of an action somebody may do', () => {
    const rules = authorizer(
      'update_quotas',
      [
        [some('ops'), some('eng/%', 'eng')],
        [some('boss'), ANY],
        [some('most'), NONE],
      ],
      false,
    );
    const scope = (principal?: string) => rules.scopeOf(principal, 'update_quotas');
    expect(scope('ops')).toEqual({ may: 'some', only: ['eng', 'eng/%'] });
    expect(scope('boss')).toEqual({ may: 'all' });
    expect(scope('most')).toEqual({ may: 'none' });
    expect(scope()).toEqual({ may: 'none' });
    expect(rules.scopeOf('ops', 'view_flags')).toEqual({ may: 'none' });
  });

  it('tells what is excepted', () => {
    const entry = { principals: ANY, users: ANY };
    const authAcls = JSON.stringify({ run_tasks: [{ principals: some('root-fw'), users: some('root') }, entry] });
    expect(authorizerOf({ authAcls }).scopeOf('fw', 'run_tasks')).toEqual({ may: 'all' });
    const rules = authorizer('view_tasks', [[some('b'), NONE]]);
    expect(rules.scopeOf('a', 'view_tasks')).toEqual({ may: 'all' });
    const denied = authorizer('register_frameworks', [
      [some('a'), some('x')],
      [NONE, some('x', 'y/%')],
    ]);
    expect(denied.scopeOf('a', 'register_frameworks')).toEqual({ may: 'some', except: ['y/%'] });
    expect(denied.scopeOf('b', 'register_frameworks')).toEqual({ may: 'some', except: ['x', 'y/%'] });
  });

  it('is all or nothing where no object can be told', () => {
    const rules = authorizer('mark_agents_gone', [[some('ops'), some('a')]], false);
    expect(rules.scopeOf('ops', 'mark_agents_gone')).toEqual({ may: 'none' });
    expect(rules.may('ops', 'mark_agents_gone')).toBe(false);
  });
});

describe('no ACLs', () => {
  it('permit everything', () => {
    const rules = authorizerOf({ authAcls: '' });
    expect(rules.isOpen).toBe(true);
    for (const action of ACL_ACTION_NAMES) expect(rules.may(undefined, action)).toBe(true);
    expect(rules.scopeOf('x', 'run_tasks')).toEqual({ may: 'all' });
  });
});
