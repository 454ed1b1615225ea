import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkDirLock } from './work-dir-lock.js';

describe('WorkDirLock', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-lock-'));
    path = join(folder, 'meta', 'agent.lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is held by one agent at a time, also within one process', async () => {
    const lock = await WorkDirLock.take(path);
    await expect(WorkDirLock.take(path)).rejects.toThrow(`is used by another agent, process ${process.pid}`);
    await lock.release();
    const again = await WorkDirLock.take(path);
    await again.release();
  });

  it('names the process that holds it', async () => {
    const lock = await WorkDirLock.take(path);
    await lock.release();
    const stat = await readFile(`/proc/${process.ppid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    await writeFile(path, `${process.ppid} ${ticks}\n`);
    await expect(WorkDirLock.take(path)).rejects.toThrow(`process ${process.ppid}`);
  });

  it.each([
    ['a process that is gone', '999999999 1\n'],
    ['an earlier process with the pid of another', `${process.ppid} 1\n`],
    ['a crash while it was written', ''],
  ])('is taken over from %s', async (_what, text) => {
    const lock = await WorkDirLock.take(path);
    await lock.release();
    await writeFile(path, text);
    const taken = await WorkDirLock.take(path);
    await taken.release();
  });
});
