import { describe, expect, it } from 'vitest';
import { KnownFolders } from './known-folders.js';

const header = (mode: number) => ({
  ...{ type: '5', name: 'x', sizeBytes: 0, mode, uid: 0, gid: 0, modifiedAt: 0 },
});

describe('KnownFolders', () => {
  it('tells what the last entry of a folder said', () => {
    const folders = new KnownFolders();
    folders.add('a', header(0o755));
    folders.add('a', header(0o700));
    expect(folders.like('a')?.mode).toBe(0o700);
    expect(folders.like('b')).toBeUndefined();
  });

  it('forgets the earliest of too many, and does not guess then', () => {
    const folders = new KnownFolders(3_000);
    for (let index = 0; index < 20; index++) folders.add(`folder-${index}`, header(0o700));
    expect(folders.like('folder-19')?.mode).toBe(0o700);
    expect(() => folders.like('folder-0')).toThrow("too late that the folder 'folder-0' is opaque");
    expect(() => folders.like('elsewhere')).toThrow('too late');
  });

  it('has room for as many of the same name as there are', () => {
    const folders = new KnownFolders(3_000);
    folders.add('first', header(0o700));
    for (let index = 0; index < 1_000; index++) folders.add('again', header(0o755));
    expect(folders.like('first')?.mode).toBe(0o700);
  });
});
