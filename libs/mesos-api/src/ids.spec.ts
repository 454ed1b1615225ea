import { describe, expect, it } from 'vitest';
import { idError } from './ids.js';

describe('idError', () => {
  it.each(['a', 'task-1.2:3', '...', 'ü', 'a'.repeat(255)])('accepts %j', (id) => {
    expect(idError(id)).toBeUndefined();
  });

  it.each([
    ['', 'ID must not be empty'],
    ['a'.repeat(256), 'ID must not be greater than 255 characters'],
    ['ü'.repeat(128), 'ID must not be greater than 255 characters'],
    ['.', "'.' is disallowed"],
    ['..', "'..' is disallowed"],
    ['a/b', "'a/b' contains invalid characters"],
    ['a\\b', "'a\\b' contains invalid characters"],
    ['a\nb', "'a\nb' contains invalid characters"],
    ['a\u007f', "'a\u007f' contains invalid characters"],
  ])('refuses %j', (id, error) => {
    expect(idError(id)).toBe(error);
  });
});
