import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentPaths } from '../paths.js';
import { checkLayout } from './check-layout.js';

describe('checkLayout', () => {
  let workDir: string;
  let paths: AgentPaths;

  beforeEach(() => {
    workDir = mkdtempSync(join(tmpdir(), 'tranche-layout-'));
    paths = new AgentPaths(workDir);
  });
  afterEach(() => rmSync(workDir, { recursive: true }));

  it('finds nothing in a new work directory, and makes nothing', async () => {
    expect(await checkLayout(paths)).toEqual([]);
    expect(readdirSync(workDir)).toEqual([]);
  });

  it('leaves what is as it should be', async () => {
    for (const folder of paths.folders) mkdirSync(folder, { recursive: true });
    for (const file of paths.files.slice(0, 3)) writeFileSync(file, 'data');
    // As a lock is, and as an operator moves data to another disk.
    symlinkSync('4711 1', paths.lock);
    rmSync(join(workDir, 'slaves'), { recursive: true });
    symlinkSync('/tmp', join(workDir, 'slaves'));
    expect(await checkLayout(paths)).toEqual([]);
  });

  it.each(['meta', 'meta/quarantine', 'volumes', 'volumes/removed', 'fetch', 'runtime', 'slaves'])(
    'puts a file aside that is called like the folder %s',
    async (name) => {
      mkdirSync(join(workDir, name, '..'), { recursive: true });
      writeFileSync(join(workDir, name), 'data');
      const place = join(workDir, 'set-aside', `${name.split('/').at(-1)}-1`);
      expect(await checkLayout(paths)).toEqual([`${join(workDir, name)} is no folder: kept as ${place}`]);
      expect(readFileSync(place, 'utf8')).toBe('data');
    },
  );

  it.each(['agent.journal', 'agent.journal.new', 'agent.journal.reserve', 'agent.lock'])(
    'puts a folder aside that is called like the file %s',
    async (name) => {
      const path = join(workDir, 'meta', name);
      mkdirSync(join(path, 'inside'), { recursive: true });
      const place = join(workDir, 'meta/quarantine', `${name}-1`);
      expect(await checkLayout(paths)).toEqual([`${path} is a folder: kept as ${place}`]);
      expect(readdirSync(place)).toEqual(['inside']);
    },
  );

  it('never overwrites what was put aside before', async () => {
    for (const text of ['first', 'second']) {
      writeFileSync(join(workDir, 'fetch'), text);
      await checkLayout(paths);
    }
    expect(readdirSync(join(workDir, 'set-aside'))).toEqual(['fetch-1', 'fetch-2']);
  });
});
