import { appendFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentPaths } from '../paths.js';
import { followFile } from './follow-file.js';
import { readChunk } from '@tranche/http';
import { type SandboxEntry, SandboxFiles } from './sandbox-files.js';
import { FileSandboxes } from './sandboxes.fs.js';

const latest = '/frameworks/F/executors/t1/runs/latest';

describe('sandboxes', () => {
  let workDir: string;
  let sandbox: string;
  let files: SandboxFiles;
  /** Containers whose sandboxes are not called by their ids. */
  const named = new Map<string, string>();

  const locate = async (path: string): Promise<SandboxEntry> => {
    const located = await files.locate(path);
    if (!located.ok) throw new Error(located.reason);
    return located.entry;
  };

  beforeAll(async () => {
    workDir = await realpath(await mkdtemp(join(tmpdir(), 'agent-sandbox-')));
    const paths = new AgentPaths(workDir);
    const run = { agentId: 'S0', frameworkId: 'F', executorId: 't1', containerId: 'container-t1', user: 'root' };
    const sandboxes = new FileSandboxes(paths);
    await sandboxes.make({ ...run, containerId: 'earlier' });
    sandbox = await sandboxes.make(run);
    files = new SandboxFiles(
      paths,
      () => 'S0',
      (folder) => named.get(folder),
    );
    await writeFile(join(sandbox, 'stdout'), 'hello\nworld\n');
    await sandboxes.makeNested({ ...run, taskId: 'g1', nestedId: 'n1' });
    await writeFile(join(sandbox, 'containers/n1/stdout'), 'nested\n');
    const alone = paths.standaloneSandbox('alone');
    await sandboxes.makeAt(alone, 'root');
    await sandboxes.makeAt(join(alone, 'containers/inner'), 'root', alone);
    await writeFile(join(alone, 'containers/inner/stdout'), 'inner\n');
    named.set(alone, 'u-1').set(join(alone, 'containers/inner'), 'u-2');
    await writeFile(join(workDir, 'secret'), 'x');
    await mkdir(join(sandbox, 'sub'));
    await symlink(join(workDir, 'secret'), join(sandbox, 'way-out'));
    await symlink('stdout', join(sandbox, 'inner'));
    await symlink('loop', join(sandbox, 'loop'));
  });
  afterAll(() => rm(workDir, { recursive: true }));

  it('have the log of the agent beside them, where it has a file', async () => {
    expect(await files.locate('/slave/log')).toEqual({ ok: false, reason: 'not-found' });
    const logFile = join(workDir, 'agent.log');
    const logged = new SandboxFiles(new AgentPaths(workDir), () => 'S0', undefined, logFile);
    expect(await logged.locate('/slave/log')).toEqual({ ok: false, reason: 'not-found' });
    await writeFile(logFile, 'began\n');
    const located = await logged.locate('/slave/log');
    if (!located.ok) throw new Error(located.reason);
    const opened = await logged.open(located.entry);
    if (!opened.ok) throw new Error(opened.reason);
    expect([opened.sizeBytes, await opened.file.readFile('utf8')]).toEqual([6, 'began\n']);
    await opened.file.close();
  });

  it('are found by their host path and by the name of the newest run', async () => {
    for (const path of [`${latest}/stdout`, `${sandbox}/stdout`, `${latest}/inner`, `${latest}/./sub/../stdout/`]) {
      expect(await locate(path)).toMatchObject({ realPath: join(sandbox, 'stdout'), containerId: 'container-t1' });
    }
    expect(await locate(sandbox.replace('container-t1', 'earlier'))).toMatchObject({ containerId: 'earlier' });
  });

  it('are found of containers that stand alone, and of those within them', async () => {
    const alone = join(workDir, 'containers/alone');
    expect(await locate(`${alone}/`)).toMatchObject({ path: alone, realPath: alone, containerId: 'u-1' });
    const inner = `${alone}/containers/inner/stdout`;
    expect(await locate(inner)).toMatchObject({ realPath: inner, containerId: 'u-2' });
    expect(await files.locate(`${alone}/../../secret`)).toEqual({ ok: false, reason: 'inaccessible' });
    for (const path of ['/containers/alone', `${workDir}/containers`, `${workDir}/containers/../secret`, `${alone}-2`])
      expect(await files.locate(path)).toEqual({ ok: false, reason: 'not-found' });
  });

  it.each([
    [`${latest}/../../..`],
    [`${latest}/../earlier`],
    [`${latest}/../../../../../../../../etc/passwd`],
    [`${latest}/way-out`],
    [`${latest}/loop`],
  ])('give nothing away outside of them: %s', async (path) => {
    expect(await files.locate(path)).toEqual({ ok: false, reason: 'inaccessible' });
  });

  it.each([
    [`${latest}/nothing`],
    [`${latest}/stdout/below-a-file`],
    ['/frameworks/F/executors/../runs/latest'],
    ['/frameworks/F/executors/t1/runs/..'],
    ['/etc/passwd'],
    [''],
    [`${latest}/a\0b`],
  ])('know nothing of %j', async (path) => {
    expect(await files.locate(path)).toEqual({ ok: false, reason: 'not-found' });
  });

  it('do not open a link that was put in place of a file after it was located', async () => {
    const entry = await locate(`${latest}/stdout`);
    const swapped = { ...entry, realPath: join(sandbox, 'way-out') };
    expect(await files.open(swapped)).toEqual({ ok: false, reason: 'inaccessible' });
    const through = { ...entry, realPath: join(workDir, 'secret') };
    expect(await files.open(through)).toEqual({ ok: false, reason: 'inaccessible' });
  });

  it('open files but not folders', async () => {
    expect(await files.open(await locate(latest))).toEqual({ ok: false, reason: 'directory' });
  });

  it('list a folder by name, links as links', async () => {
    const listed = await files.list(await locate(latest));
    expect(listed.map(({ name }) => name)).toEqual([
      'containers',
      'inner',
      'loop',
      'stdout',
      'sub',
      'tasks',
      'way-out',
    ]);
    expect(listed[3]).toMatchObject({ sizeBytes: 12, links: 1 });
    expect(await files.list(await locate(`${latest}/stdout`))).toEqual([]);
  });

  const reading = async (name: string, request: Parameters<typeof readChunk>[2]) => {
    const opened = await files.open(await locate(`${latest}/${name}`));
    if (!opened.ok) throw new Error(opened.reason);
    try {
      return await readChunk(opened.file, opened.sizeBytes, request);
    } finally {
      await opened.file.close();
    }
  };

  it('tell the size of a file when no offset is asked for', async () => {
    expect(await reading('stdout', {})).toEqual({ offset: 12, data: '' });
  });

  it('read a part of a file', async () => {
    expect(await reading('stdout', { offset: 6, length: 3 })).toEqual({ offset: 6, data: 'wor' });
    expect(await reading('stdout', { offset: 6 })).toEqual({ offset: 6, data: 'world\n' });
    expect(await reading('stdout', { offset: 99 })).toEqual({ offset: 99, data: '' });
  });

  it('leave a character that the limit cuts to the next read', async () => {
    await writeFile(join(sandbox, 'umlaut'), 'aäö');
    expect(await reading('umlaut', { offset: 0, length: 2 })).toEqual({ offset: 0, data: 'a' });
    expect(await reading('umlaut', { offset: 1, length: 3 })).toEqual({ offset: 1, data: 'ä' });
  });

  describe('followFile', () => {
    const follow = async (path: string, offset: number) => {
      const opened = await files.open(await locate(path));
      if (!opened.ok) throw new Error(opened.reason);
      const writer = Promise.withResolvers<void>();
      const reader = new AbortController();
      const realPath = join(sandbox, 'log');
      const { signal } = reader;
      const bytes = followFile({ file: opened.file, realPath, offset, ended: writer.promise, signal });
      const rest = async (): Promise<string> => {
        let text = '';
        for await (const chunk of bytes) text += chunk.toString();
        await opened.file.close();
        return text;
      };
      return { bytes, rest, end: writer.resolve, leave: () => reader.abort() };
    };

    it('gives what is there, what comes, and ends when its writer has ended', async () => {
      await writeFile(join(sandbox, 'log'), 'one ');
      const { bytes, rest, end } = await follow(`${latest}/log`, 1);
      expect((await bytes.next()).value?.toString()).toBe('ne ');
      const next = bytes.next();
      await appendFile(join(sandbox, 'log'), 'two ');
      expect((await next).value?.toString()).toBe('two ');
      await appendFile(join(sandbox, 'log'), 'three');
      end();
      expect(await rest()).toBe('three');
    });

    it('ends when its reader has gone', async () => {
      const { bytes, rest, leave } = await follow(`${latest}/log`, 0);
      await bytes.next();
      const left = rest();
      leave();
      expect(await left).toBe('');
    });
  });

  it('knows the container whose sandbox a file is in', async () => {
    const base = '/frameworks/F/executors/t1/runs/latest';
    expect((await locate(`${base}/stdout`)).containerId).toBe('container-t1');
    expect((await locate(`${base}/tasks/g1/stdout`)).containerId).toBe('n1');
  });
});
