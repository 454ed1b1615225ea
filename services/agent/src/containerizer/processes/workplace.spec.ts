import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workersIn } from './workplace.js';

describe.runIf(process.platform === 'linux')('workersIn', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workplace-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells who is in the folder, whatever it is called', async () => {
    expect(workersIn(folder)).toEqual([]);
    const link = `${folder}/link`;
    symlinkSync(folder, link);
    const child = spawn('cat', { cwd: link, stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    expect(workersIn(folder)).toEqual([child.pid]);
    child.stdin.end();
    await once(child, 'exit');
    expect(workersIn(folder)).toEqual([]);
  });

  it('tells nobody for a folder that is not there', () => {
    expect(workersIn(join(folder, 'none'))).toEqual([]);
  });
});
