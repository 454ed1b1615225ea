import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentPaths } from '../../paths.js';
import { FileSandboxRuns } from './sandbox-runs.fs.js';

describe('FileSandboxRuns', () => {
  let workDir: string;
  let paths: AgentPaths;
  let runs: FileSandboxRuns;
  beforeEach(() => {
    workDir = mkdtempSync(join(tmpdir(), 'runs-'));
    paths = new AgentPaths(workDir);
    runs = new FileSandboxRuns(paths);
  });
  afterEach(() => rmSync(workDir, { recursive: true, force: true }));

  const of = (containerId: string, executorId = 'e') => ({ agentId: 'S0', frameworkId: 'F', executorId, containerId });
  const make = (containerId: string, executorId = 'e'): string => {
    const sandbox = paths.sandbox(of(containerId, executorId));
    mkdirSync(join(sandbox, 'folder'), { recursive: true });
    writeFileSync(join(sandbox, 'folder/file'), 'x');
    return sandbox;
  };

  it('finds every sandbox, and none where nothing has run yet', async () => {
    expect(await runs.list()).toEqual([]);
    make('c1');
    make('c2', 'other');
    symlinkSync('c1', join(paths.runs(of('c1')), 'latest'));
    expect((await runs.list()).map(({ containerId, executorId }) => [containerId, executorId])).toEqual([
      ['c1', 'e'],
      ['c2', 'other'],
    ]);
  });

  it('removes a sandbox and the folders above it in which nothing else is', async () => {
    make('c1');
    make('c2');
    const other = make('c3', 'other');
    symlinkSync('c2', join(paths.runs(of('c1')), 'latest'));
    await runs.remove(of('c1'));
    expect((await runs.list()).map(({ containerId }) => containerId)).toEqual(['c2', 'c3']);
    await runs.remove(of('c2'));
    expect(existsSync(join(workDir, 'slaves/S0/frameworks/F/executors/e'))).toBe(false);
    expect(existsSync(other)).toBe(true);
    await runs.remove(of('c3', 'other'));
    expect(existsSync(join(workDir, 'slaves/S0/frameworks/F'))).toBe(false);
  });

  it('removes links, not what they lead to', async () => {
    const kept = join(workDir, 'kept');
    writeFileSync(kept, 'x');
    symlinkSync(kept, join(make('c1'), 'link'));
    await runs.remove(of('c1'));
    expect(existsSync(kept)).toBe(true);
  });

  it('marks the end of a run, and leaves alone one that is gone', async () => {
    make('c1');
    const [before] = await runs.list();
    rmSync(join(paths.sandbox(of('c1')), 'folder'), { recursive: true });
    await runs.touch(of('c1'));
    expect((await runs.list())[0]?.changedAtMs).toBeGreaterThanOrEqual(before?.changedAtMs ?? 0);
    await expect(runs.touch(of('gone'))).resolves.toBeUndefined();
  });

  it('tells how full the disk is', async () => {
    const used = await runs.usedFraction();
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThanOrEqual(1);
  });
});
