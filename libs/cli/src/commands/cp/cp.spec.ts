import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, FakeRest, runInFakeWorld, task } from '../../cli.fakes.js';
import { answerSessions, inputOf } from '../../sessions/sessions.fakes.js';
import { planCopy } from './copy-plan.js';
import { modeOf } from './remote-tree.js';

const ID = 'aaaa0001-web';
let cluster: FakeCluster;
let rest: FakeRest;
let folder: string;
/** Folders of the sandbox: modes and names. */
let tree: Record<string, readonly (readonly [mode: string, name: string])[]>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-cp-'));
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.tasks = [task({ id: ID, name: 'web', containerId: 'c1' })];
  tree = { '': [['drwxr-xr-x', 'dir'], ['-rw-r-----', 'one']], dir: [['-rwxr-xr-x', 'tool'], ['prw-r--r--', 'pipe']] }; // biome-ignore format: a tree
  rest.answers.set(`GET /v1/tasks/${ID}/files/browse`, ({ searchParams }) => {
    const listed = tree[searchParams.get('path') ?? ''];
    if (listed === undefined) return { status: 404, body: '{"detail":"no such file"}' };
    const entries = listed.map(([mode, name]) => ({ mode, path: `/sandbox/${name}`, size: 5, mtime: 1_577_934_245 }));
    return { body: JSON.stringify(entries) };
  });
  rest.answers.set(`GET /v1/tasks/${ID}/files/download`, ({ searchParams }) => ({
    type: 'application/octet-stream',
    body: `${searchParams.get('path')}`.slice(-5).padStart(5),
  }));
});

afterEach(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

const run = (...words: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, 'cp', ...words]);

describe('planCopy', () => {
  it.each([
    ['web:a', 'b', 'download', 'web:a', 'b'],
    ['./a:b', 'web.0:', 'upload', 'web.0:', './a:b'],
    ['/a:b', 'fw/web:x', 'upload', 'fw/web:x', '/a:b'],
    ['fw/web:x', '.', 'download', 'fw/web:x', '.'],
  ])('of %s and %s is a %s', (from, to, direction, remote, local) => {
    expect(planCopy(from, to)).toEqual({ direction, remote, local });
  });

  it.each([
    ['a', 'b', 'neither is in a sandbox'],
    ['a:x', 'b:y', 'both are in sandboxes'],
  ])(
    // biome-ignore format: rows
    'refuses %s and %s',
    (from, to, message) => expect(() => planCopy(from, to)).toThrow(message),
  );
});

describe('modeOf', () => {
  it.each([
    ['-rw-r--r--', 0o644],
    ['drwx------', 0o700],
    ['-rwsr-xr-t', 0o755],
    ['-rwSr--r-T', 0o644],
  ])('of %s is %i', (text, mode) => expect(modeOf(text)).toBe(mode));
});

describe('tranche cp out of a sandbox', () => {
  it('copies a file with its permissions and time, into a folder that is there or under a new name', async () => {
    expect(await run('web:one', folder)).toMatchObject({ exitCode: 0, stderr: `${folder}/one: 1 file, 5 B\n` });
    await run('web:one', join(folder, 'other'));
    for (const name of ['one', 'other']) {
      const found = statSync(join(folder, name));
      expect([found.mode & 0o777, found.mtimeMs]).toEqual([0o640, 1_577_934_245_000]);
      expect(readFileSync(join(folder, name), 'utf8')).toBe('  one');
    }
  });

  it('copies a folder with all that is in it, and names what it leaves out', async () => {
    const { stdout, stderr } = await run('web:', join(folder, 'all'), '--json');
    expect(JSON.parse(stdout)).toEqual({
      from: 'web:',
      to: join(folder, 'all'),
      files: 2,
      bytes: 10,
      skipped: ['dir/pipe: neither file nor folder'],
    });
    expect(stderr).toContain('left out dir/pipe: neither file nor folder\n');
    expect(statSync(join(folder, 'all/dir/tool')).mode & 0o777).toBe(0o755);
  });

  it('only says in a dry run what it would copy', async () => {
    expect((await run('web:', join(folder, 'all'), '--dry-run')).stdout).toBe(
      `would copy web: to ${folder}/all: 2 files, 10 B\n`,
    );
    expect(existsSync(join(folder, 'all'))).toBe(false);
    writeFileSync(join(folder, 'in'), 'inhalt');
    const seen = answerSessions(rest, { readsInput: true });
    expect((await run(join(folder, 'in'), 'web:new', '--dry-run')).stdout).toContain('to web:new: 1 file, 6 B\n');
    expect(seen).toEqual([]);
  });

  it.each(['..', '.', ''])('believes no agent that says there is a file "%s" in a folder', async (name) => {
    tree['dir'] = [['-rw-r--r--', name]];
    const { exitCode, stderr } = await run('web:dir', join(folder, 'out'));
    expect([exitCode, stderr.split('\n')[0]]).toEqual([1, `error: the agent lists a file with the name "${name}"`]);
  });

  it('says what is not there, or in the way', async () => {
    expect(await run('web:nope', folder)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('error: web has no nope'),
    });
    mkdirSync(join(folder, 'one'));
    expect(await run('web:one', folder)).toMatchObject({
      exitCode: 1,
      stderr: `error: ${folder}/one is there already, and no file\n`,
    });
    expect(await run('web:one', `${folder}/no/`)).toMatchObject({ exitCode: 1 });
  });
});

describe('tranche cp into a sandbox', () => {
  it('sends an archive for the folder that is there, or under the new name', async () => {
    const source = join(folder, 'in.txt');
    writeFileSync(source, 'inhalt');
    chmodSync(source, 0o750);
    utimesSync(source, 1_577_934_245, 1_577_934_245);
    for (const [to, into, name] of [
      ['web:dir', 'dir', 'in.txt'],
      ['web:dir/new', 'dir', 'new'],
      ['web:', '', 'in.txt'],
    ] as const) {
      // biome-ignore format: rows
      const seen = answerSessions(rest, { readsInput: true });
      expect((await run(source, to)).stderr).toBe(`web:${into && `${into}/`}${name}: 1 file, 6 B\n`);
      expect(seen[0]).toMatchObject({
        launch_nested_container_session: { command: { arguments: ['sh', '-c', expect.anything(), 'sh', into] } },
      });
      expect(inputOf(seen)).toMatch(
        new RegExp(`^${name}\\0.*000750 .*${(1_577_934_245).toString(8)} .*ustar.*inhalt`, 's'),
      );
    }
  });

  it.each([
    [66 << 8, 3, 'web has no folder dir'],
    [69 << 8, 1, 'web has no tar in its container, which is what unpacks the copy'],
    [2 << 8, 1, 'tar in the container of web ended with status 2'],
  ])('when the unpacking ends with wait status %i', async (exit_status, exitCode, message) => {
    writeFileSync(join(folder, 'in.txt'), 'x');
    answerSessions(rest, { output: [['STDERR', 'tar: no space\n']], end: { exit_status } });
    const ended = await run(join(folder, 'in.txt'), 'web:dir');
    expect([ended.exitCode, ended.stderr.split('\n')[0]]).toEqual([exitCode, `error: ${message}`]);
    if (message.startsWith('tar')) expect(ended.stderr).toContain('tar: no space');
  });

  it('says that there is nothing to copy', async () => {
    expect(await run(join(folder, 'nope'), 'web:')).toMatchObject({ exitCode: 3 });
  });
});
