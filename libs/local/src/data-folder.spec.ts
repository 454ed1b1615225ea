import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from './data-folder.js';
import { processStartTicks } from './process-table.js';

describe('openDataFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const marker = (content: object): void => writeFileSync(join(folder, 'tranche.json'), JSON.stringify(content));

  it('makes a new folder its own and takes it again', async () => {
    const path = join(folder, 'new', 'deep');
    await (await openDataFolder(path, '0.1.0', false)).unlock();
    const again = await openDataFolder(path, '0.1.0', false);
    expect(again.databaseFile).toBe(join(path, 'tranche.db'));
    expect(again.agentFolder('agent1')).toBe(join(path, 'agents', 'agent1'));
  });

  it('leaves a folder of somebody else as it is', async () => {
    writeFileSync(join(folder, 'thesis.txt'), 'x');
    await expect(openDataFolder(folder, '0.1.0', true)).rejects.toMatchObject({ code: 'local/foreign-folder' });
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  it('refuses a folder of a newer version, naming both', async () => {
    marker({ kind: 'tranche-local', format: 2, version: '3.0.0' });
    await expect(openDataFolder(folder, '0.1.0', false)).rejects.toThrow(
      'Tranche 3.0.0 (format 2); this is 0.1.0 (format 1)',
    );
    expect(readdirSync(folder)).toEqual(['tranche.json']);
  });

  it('refuses a file in place of a folder', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openDataFolder(join(folder, 'file'), '0.1.0', false)).rejects.toMatchObject({
      code: 'local/foreign-folder',
    });
  });

  it('says which folder cannot be used when one cannot be made there', async () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'data');
    await expect(openDataFolder(path, '0.1.0', false)).rejects.toThrow(`cannot use ${path} as data folder: `);
  });

  it('refuses a folder that a living process holds, and takes over that of a dead one', async () => {
    marker({ kind: 'tranche-local', format: 1, version: '0.1.0' });
    writeFileSync(join(folder, 'lock'), `${process.ppid} ${await processStartTicks(process.ppid)}\n`);
    await expect(openDataFolder(folder, '0.1.0', false)).rejects.toThrow(`running already (pid ${process.ppid})`);
    writeFileSync(join(folder, 'lock'), `${process.ppid} 1\n`);
    await openDataFolder(folder, '0.1.0', false);
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toContain(String(process.pid));
  });

  it('forgets everything on a reset but where running containers are found', async () => {
    marker({ kind: 'tranche-local', format: 1, version: '0.1.0' });
    writeFileSync(join(folder, 'tranche.db'), 'x');
    mkdirSync(join(folder, 'agents', 'agent1', 'runtime', 'c1'), { recursive: true });
    mkdirSync(join(folder, 'agents', 'agent1', 'meta'));
    await openDataFolder(folder, '0.1.0', true);
    expect(existsSync(join(folder, 'tranche.db'))).toBe(false);
    expect(readdirSync(join(folder, 'agents', 'agent1'))).toEqual(['runtime']);
  });
});
