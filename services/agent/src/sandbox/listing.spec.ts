import { mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AgentPaths } from '../paths.js';
import { hostNames } from './host-names.js';
import { modeText } from './mode-text.js';
import { FileSandboxes } from './sandboxes.fs.js';

describe('listings', () => {
  it.each([
    [0o100644, '-rw-r--r--'],
    [0o040750, 'drwxr-x---'],
    [0o120777, 'lrwxrwxrwx'],
    [0o010600, 'prw-------'],
    [0o104755, '-rwsr-xr-x'],
    [0o041777, 'drwxrwxrwt'],
    [0o102644, '-rw-r-Sr--'],
  ])('show mode %o as %s', (mode, text) => {
    expect(modeText(mode)).toBe(text);
  });

  it('show users and groups by name, and by number where they have none', async () => {
    const etc = await mkdtemp(join(tmpdir(), 'agent-etc-'));
    await writeFile(join(etc, 'passwd'), 'root:x:0:0:root:/root:/bin/sh\nsvc:x:1000:100::/:/bin/sh\n');
    await writeFile(join(etc, 'group'), 'root:x:0:\nusers:x:100:svc\n');
    const names = await hostNames(etc);
    expect([names.user(1000), names.group(100), names.user(4711)]).toEqual(['svc', 'users', '4711']);
    await rm(etc, { recursive: true });
  });
});

describe('FileSandboxes', () => {
  const request = { agentId: 'S0', frameworkId: 'F', executorId: 't1', containerId: 'container-t1', user: 'svc' };

  it('gives a sandbox to the user of its task and to nobody else', async () => {
    const workDir = await mkdtemp(join(tmpdir(), 'agent-sandboxes-'));
    const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    const asked: string[] = [];
    const ownerOf = (user: string) => {
      asked.push(user);
      return { uid, gid };
    };
    const sandbox = await new FileSandboxes(new AgentPaths(workDir), ownerOf).make(request);
    expect(asked).toEqual(['svc']);
    expect(await stat(sandbox)).toMatchObject({ uid, gid });
    expect((await stat(sandbox)).mode & 0o777).toBe(0o750);
    await rm(workDir, { recursive: true });
  });

  it('makes the sandbox of a task of a group within that of its executor, under the task’s id too', async () => {
    const workDir = await mkdtemp(join(tmpdir(), 'agent-sandboxes-'));
    const sandboxes = new FileSandboxes(new AgentPaths(workDir));
    const outer = await sandboxes.make(request);
    const sandbox = await sandboxes.makeNested({ ...request, taskId: 'g1', nestedId: 'n1' });
    expect(sandbox).toBe(join(outer, 'containers/n1'));
    expect(await realpath(join(outer, 'tasks/g1'))).toBe(await realpath(sandbox));
    await rm(workDir, { recursive: true });
  });

  it('makes nothing for a user that the machine does not have', async () => {
    const workDir = await mkdtemp(join(tmpdir(), 'agent-sandboxes-'));
    const sandboxes = new FileSandboxes(new AgentPaths(workDir), () => undefined);
    await expect(sandboxes.make(request)).rejects.toThrow("Failed to get user information for 'svc'");
    await expect(stat(join(workDir, 'slaves'))).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(workDir, { recursive: true });
  });
});
