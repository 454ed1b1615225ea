import { describe, expect, it } from 'vitest';
import { sandboxPath } from './sandbox-path.js';

const E = { frameworkId: 'f', executorId: 'e' };
const BASE = '/frameworks/f/executors/e/runs/latest';

describe('sandboxPath', () => {
  it('is the sandbox itself for an empty path', () => {
    expect(sandboxPath(E, '')).toEqual({ ok: true, path: BASE });
    expect(sandboxPath(E, '/')).toEqual({ ok: true, path: BASE });
  });

  it('is within that of the executor for a task of a group', () => {
    expect(sandboxPath({ ...E, nestedTaskId: 't' }, 'stdout')).toEqual({ ok: true, path: `${BASE}/tasks/t/stdout` });
  });

  it('drops what means nothing in a path', () => {
    expect(sandboxPath(E, '//a/./b/')).toEqual({ ok: true, path: `${BASE}/a/b` });
  });

  it.each(['..', '../x', 'a/../../x', '/..', 'a/..'])('refuses %s', (path) => {
    expect(sandboxPath(E, path)).toEqual({
      ok: false,
      reason: `path ${JSON.stringify(path)} leaves the sandbox`,
    });
  });

  it('takes names that only look like the way up', () => {
    expect(sandboxPath(E, '...')).toEqual({ ok: true, path: `${BASE}/...` });
  });

  it('refuses a zero byte', () => {
    expect(sandboxPath(E, 'a\0b')).toMatchObject({ ok: false });
  });
});
