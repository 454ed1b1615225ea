import { describe, expect, it } from 'vitest';
import { isStrictSubrole, roleAncestors, roleError } from './role.js';

describe('roleError', () => {
  it.each(['*', 'a', 'a/b/c', 'foo.bar', '...', 'foo/.bar', 'a-b', 'ä'])('accepts %s (A11)', (role) => {
    expect(roleError(role)).toBeUndefined();
  });

  it.each([
    ['', 'Role names cannot be the empty string'],
    ['/a', "Role '/a' cannot start with a slash"],
    ['/', "Role '/' cannot start with a slash"],
    ['a/', "Role 'a/' cannot end with a slash"],
    ['a//b', "Role 'a//b' cannot contain two adjacent slashes"],
    ['a/./b', "Role 'a/./b' cannot include '.' as a component"],
    ['..', "Role '..' cannot include '..' as a component"],
    ['a/*', "Role 'a/*' cannot include '*' as a component"],
    ['-bad', "Role component '-bad' is invalid because it starts with a dash"],
    ['a/-b', "Role component '-b' is invalid because it starts with a dash"],
  ])('refuses %j with the words of Mesos (A11)', (role, message) => {
    expect(roleError(role)).toBe(message);
  });

  it.each(['\t', '\n', '\v', '\f', '\r', ' ', '\x7f'])('refuses a name with the character %j (A11)', (blank) => {
    expect(roleError(`a${blank}b`)).toContain('is invalid because it contains backspace or whitespace');
  });
});

describe('roleAncestors', () => {
  it('lists them nearest first (A11)', () => {
    expect(roleAncestors('a/b/c')).toEqual(['a/b', 'a']);
  });

  it.each(['a', '*'])('finds none for %s', (role) => {
    expect(roleAncestors(role)).toEqual([]);
  });
});

describe('isStrictSubrole', () => {
  it.each([
    ['a/b', 'a', true],
    ['a/b/c', 'a', true],
    ['a', 'a', false],
    ['a', 'a/b', false],
    ['a/bx', 'a/b', false],
    ['ab', 'a', false],
    ['a', '*', false],
  ])('%s below %s: %s, decided at slash boundaries (A11)', (role, ancestor, expected) => {
    expect(isStrictSubrole(role, ancestor)).toBe(expected);
  });
});
