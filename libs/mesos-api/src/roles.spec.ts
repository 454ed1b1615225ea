import { describe, expect, it } from 'vitest';
import { ancestorRoles, isBelowRole, roleError } from './roles.js';

describe('roleError', () => {
  it.each(['*', 'web', 'eng/dev', 'eng/*dev', 'a.b', 'ü', 'a-'])('accepts %j', (role) => {
    expect(roleError(role)).toBeUndefined();
  });

  it.each([
    ['', 'Role names cannot be the empty string'],
    ['/a', "Role '/a' cannot start with a slash"],
    ['a/', "Role 'a/' cannot end with a slash"],
    ['a//b', "Role 'a//b' cannot contain two adjacent slashes"],
    ['a/../b', "Role 'a/../b' cannot include '..' as a component"],
    ['.', "Role '.' cannot include '.' as a component"],
    ['a/*', "Role 'a/*' cannot include '*' as a component"],
    ['a/-b', "Role component '-b' is invalid because it starts with a dash"],
    ['a b', "Role component 'a b' is invalid because it contains backspace or whitespace"],
    ['a\tb', "Role component 'a\tb' is invalid because it contains backspace or whitespace"],
  ])('refuses %j', (role, error) => {
    expect(roleError(role)).toBe(error);
  });
});

describe('the tree of roles', () => {
  it('says what is below a role', () => {
    expect(isBelowRole('eng/dev', 'eng')).toBe(true);
    expect(isBelowRole('eng', 'eng')).toBe(false);
    expect(isBelowRole('engine', 'eng')).toBe(false);
  });

  it('lists the roles above one, nearest first', () => {
    expect(ancestorRoles('a/b/c')).toEqual(['a/b', 'a']);
    expect(ancestorRoles('a')).toEqual([]);
  });
});
