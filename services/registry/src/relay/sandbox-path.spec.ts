import { describe, expect, it } from 'vitest';
import { sandboxPath } from './sandbox-path.js';

const BASE = '/frameworks/f/executors/e/runs/latest';

describe('sandboxPath', () => {
  it('is the sandbox itself for an empty path', () => {
    expect(sandboxPath('f', 'e', '')).toEqual({ ok: true, path: BASE });
    expect(sandboxPath('f', 'e', '/')).toEqual({ ok: true, path: BASE });
  });

  it('drops what means nothing in a path', () => {
    expect(sandboxPath('f', 'e', '//a/./b/')).toEqual({ ok: true, path: `${BASE}/a/b` });
  });

  it.each(['..', '../x', 'a/../../x', '/..', 'a/..'])('refuses %s', (path) => {
    expect(sandboxPath('f', 'e', path)).toEqual({
      ok: false,
      reason: `path ${JSON.stringify(path)} leaves the sandbox`,
    });
  });

  it('takes names that only look like the way up', () => {
    expect(sandboxPath('f', 'e', '...')).toEqual({ ok: true, path: `${BASE}/...` });
  });

  it('refuses a zero byte', () => {
    expect(sandboxPath('f', 'e', 'a\0b')).toMatchObject({ ok: false });
  });
});
