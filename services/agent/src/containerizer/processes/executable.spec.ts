import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyNotExecutable } from './executable.js';

const folder = mkdtempSync(join(tmpdir(), 'tranche-executable-'));
mkdirSync(join(folder, 'bin'));
writeFileSync(join(folder, 'bin/run'), '#!/bin/sh\n');
chmodSync(join(folder, 'bin/run'), 0o755);
writeFileSync(join(folder, 'bin/notes'), 'text');
const path = `/nowhere:${join(folder, 'bin')}`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('whyNotExecutable', () => {
  it('finds a program in a later folder of the PATH', () => {
    expect(whyNotExecutable('run', path, '/')).toBeUndefined();
  });

  it('passes over a file that may not be executed', () => {
    expect(whyNotExecutable('notes', path, '/')).toBe(
      'executable file `notes` not found in $PATH: No such file or directory',
    );
  });

  it('looks where the C library looks when there is no PATH', () => {
    expect(whyNotExecutable('sh', undefined, '/')).toBeUndefined();
  });

  it('takes a path relative to the working directory', () => {
    expect(whyNotExecutable('bin/run', path, folder)).toBeUndefined();
    expect(whyNotExecutable('./run', path, folder)).toBe('open `./run`: No such file or directory');
  });

  it('says that a path may not be executed', () => {
    expect(whyNotExecutable(join(folder, 'bin/notes'), path, '/')).toContain('Permission denied');
  });

  it('says that a path is a folder', () => {
    expect(whyNotExecutable(join(folder, 'bin'), path, '/')).toContain('Is a directory');
  });

  it('takes an empty entry of the PATH for the working directory', () => {
    expect(whyNotExecutable('run', ':/nowhere', join(folder, 'bin'))).toBeUndefined();
  });
});
