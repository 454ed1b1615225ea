import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPrivate } from './open-containerizer.js';

describe('isPrivate', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'tranche-private-'));
    folder = join(parent, 'tranche');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('makes the folder, which others can pass through but not change', () => {
    expect(isPrivate(folder)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o711);
    expect(isPrivate(folder)).toBe(true);
  });

  it('refuses a folder that others can change', () => {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(isPrivate(folder)).toBe(false);
  });

  it('refuses a link, wherever it leads, and a file', () => {
    mkdirSync(join(parent, 'elsewhere'));
    symlinkSync(join(parent, 'elsewhere'), folder);
    expect(isPrivate(folder)).toBe(false);
    rmSync(folder);
    writeFileSync(folder, '');
    expect(isPrivate(folder)).toBe(false);
  });

  it('refuses a place where it can make nothing', () => {
    expect(isPrivate(join(parent, 'missing', 'tranche'))).toBe(false);
  });
});
