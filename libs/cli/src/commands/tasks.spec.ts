import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CliResult,
  fakeWorld,
  type FakeWorldOptions,
  FakeRest,
  NOW_MS,
  runInFakeWorld,
  task,
} from '../cli.fakes.js';
import { runCli } from '../cli.js';

let cluster: FakeCluster;
let rest: FakeRest;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.tasks = [
    task({ id: 'aaaa0001-web.0', name: 'web.0' }),
    task({ id: 'aaaa0002-web.1', name: 'web.1' }),
    task({ id: 'bbbb0001-old', name: 'old', state: 'TASK_FAILED', cause: 'exit 1' }),
  ];
});

afterEach(() => cluster.stop());

const run = (line: string, options?: FakeWorldOptions): Promise<CliResult> =>
  runInFakeWorld(['-u', cluster.url, ...line.split(' ')], options);

const requested = (method: string): string[] =>
  rest.requests
    .filter((request) => request.method === method)
    .map(({ url, body }) => `${url.pathname}${url.search} ${body}`);

describe('tranche logs', () => {
  describe('by time', () => {
    const at = (seconds: number): string => new Date(NOW_MS - seconds * 1000).toISOString();
    beforeEach(() => {
      rest.answers.set('GET /v1/tasks/aaaa0001-web.0/files/times', ({ searchParams }) => {
        const marks = [
          { at: at(600), bytes: 0 },
          { at: at(300), bytes: 4 },
          { at: at(60), bytes: 8 },
          { at: at(5), bytes: 14 },
        ];
        return {
          body: JSON.stringify({ items: searchParams.get('path') === 'stdout' ? marks : [{ at: at(300), bytes: 5 }] }),
        };
      });
    });

    it.each([
      ['--since 2m', 'two\nthree\n', ''],
      ['--since 10s', 'three\n', ''],
      ['--since 1s', '', ''],
      ['--since 8m', 'one\ntwo\nthree\n', 'oops\n'],
      ['--since 1h', 'one\ntwo\nthree\n', 'oops\n'],
    ])('%s prints what was written since', async (flags, stdout, stderr) => {
      expect(await run(`logs web.0 ${flags}`)).toEqual({ exitCode: 0, stdout, stderr });
    });

    it('leaves out a line that was begun before', async () => {
      rest.answers.set('GET /v1/tasks/aaaa0001-web.0/files/times', () => ({
        body: JSON.stringify({
          items: [
            { at: at(60), bytes: 6 },
            { at: at(5), bytes: 14 },
          ],
        }),
      }));
      expect((await run('logs web.0 --stdout --since 30s --timestamps')).stdout).toBe(`${at(5)} three\n`);
    });

    it('tells when each line was written', async () => {
      expect((await run('logs web.0 --stdout --timestamps')).stdout).toBe(
        `${at(300)} one\n${at(60)} two\n${at(5)} three\n`,
      );
      expect((await run('logs web.0 --stdout --timestamps --grep e$ --since 2m')).stdout).toBe(`${at(5)} three\n`);
      expect((await run('logs web.0 --stdout --timestamps --json --since 10s')).stdout).toBe(
        `${JSON.stringify({ task: 'web.0', stream: 'stdout', at: at(5), line: 'three' })}\n`,
      );
    });

    it('is either by time or by lines', async () => {
      expect(await run('logs web.0 --since 2m -n 1')).toMatchObject({ exitCode: 2 });
      expect(await run('logs web.0 --since soon')).toMatchObject({ exitCode: 2 });
    });
  });

  beforeEach(() => {
    rest.logs.set('aaaa0001-web.0/stdout', 'one\ntwo\nthree\n');
    rest.logs.set('aaaa0001-web.0/stderr', 'oops\n');
    rest.logs.set('aaaa0002-web.1/stdout', 'eins\n');
    rest.logs.set('aaaa0002-web.1/stderr', '');
  });

  it('prints output to standard output and errors to standard error', async () => {
    expect(await run('logs web.0')).toEqual({ exitCode: 0, stdout: 'one\ntwo\nthree\n', stderr: 'oops\n' });
  });

  it('prints one stream only', async () => {
    expect(await run('logs web.0 --stderr')).toMatchObject({ stdout: '', stderr: 'oops\n' });
    expect(await run('logs web.0 --stdout')).toMatchObject({ stdout: 'one\ntwo\nthree\n', stderr: '' });
  });

  it('prints the last lines', async () => {
    expect((await run('logs web.0 --stdout -n 2')).stdout).toBe('two\nthree\n');
  });

  it('asks for output as it comes with -f', async () => {
    await run('logs -f web.0 --stdout');
    expect(requested('GET').at(-1)).toContain('stream=stdout&follow=true&frameworkId=f1');
  });

  it('goes on where it was when the connection is lost, and says so', async () => {
    const world = fakeWorld({ isLive: true, speed: 50 });
    let asked = 0;
    rest.answers.set('GET /v1/tasks/aaaa0001-web.0/logs', ({ searchParams }) => {
      asked += 1;
      if (asked === 1) return { body: 'one\ntw', isCut: true };
      if (asked === 2) return { status: 503, type: 'text/plain', body: 'no such service' };
      return { body: 'one\ntwo\nthree\n'.slice(Number(searchParams.get('offset'))) };
    });
    const exitCode = await runCli(['-u', cluster.url, 'logs', '-f', 'web.0', '--stdout'], world.io);
    expect([exitCode, world.stdout()]).toEqual([0, 'one\ntwo\nthree\n']);
    expect(world.stderr()).toBe(
      `cannot reach ${cluster.url} (connection reset); trying again\nthe cluster answers again\n`,
    );
  });

  it('fails at once when the first answer does not come', async () => {
    rest.answers.set('GET /v1/tasks/aaaa0001-web.0/logs', () => ({ status: 503, type: 'text/plain', body: 'away' }));
    expect(await run('logs -f web.0 --stdout')).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('away') });
  });

  it('puts the name before each line of several tasks', async () => {
    expect((await run('logs web --stdout')).stdout).toBe('web.0 | one\nweb.0 | two\nweb.0 | three\nweb.1 | eins\n');
  });

  it('prints one object a line with --json', async () => {
    expect((await run('logs web.1 --json')).stdout).toBe('{"task":"web.1","stream":"stdout","line":"eins"}\n');
  });

  it('keeps the lines that match', async () => {
    expect((await run('logs web --stdout --grep ^.*e$')).stdout).toBe('web.0 | one\nweb.0 | three\n');
    expect((await run('logs web.0 --stdout --grep o')).stdout).toBe('one\ntwo\n');
    expect(await run('logs web.0 --grep (')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--grep') });
  });

  it('prints what the run before has written', async () => {
    const earlier = { name: 'web.0', state: 'TASK_FAILED' };
    rest.tasks.push(
      task({ ...earlier, id: 'cccc0001-web.0', launchedAt: '2026-11-20T00:00:00.000Z' }),
      task({ ...earlier, id: 'cccc0002-web.0', launchedAt: '2026-11-21T00:00:00.000Z' }),
    );
    rest.logs.set('cccc0002-web.0/stdout', 'before\n');
    expect(await run('logs web.0 --stdout --previous')).toMatchObject({ exitCode: 0, stdout: 'before\n' });
    expect(await run('logs web.1 --previous')).toMatchObject({
      ...{ exitCode: 3, stderr: expect.stringContaining('did not run before') },
    });
  });

  it('is refused without a number of lines', async () => {
    expect(await run('logs web.0 -n few')).toMatchObject({
      exitCode: 2,
      stderr: 'error: -n: "few" is no whole number\n',
    });
  });

  it('exits with 3 when there is no such task, and names the nearest', async () => {
    expect(await run('logs web0')).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'error: no task matches "web0"\n  did you mean web.0?\n  try: tranche ps --all\n',
    });
  });
});

describe('tranche kill', () => {
  const killed = () => requested('POST').filter((line) => !line.includes('dryRun=true'));
  beforeEach(() => {
    for (const { id } of rest.tasks) rest.answers.set(`POST /v1/tasks/${id}:kill`, () => ({ status: 202, body: '{}' }));
  });

  it('kills one task, with a grace', async () => {
    expect(await run('kill web.0 --grace 5s')).toEqual({ exitCode: 0, stdout: 'killing web.0 on n1\n', stderr: '' });
    expect(requested('POST')).toEqual(['/v1/tasks/aaaa0001-web.0:kill?frameworkId=f1 {"gracePeriodMs":5000}']);
  });

  it('refuses a name that matches several', async () => {
    const { exitCode, stderr } = await run('kill web');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('error: "web" matches 2 tasks\n  web.0 of web  aaaa0001\n');
    expect(requested('POST')).toEqual([]);
  });

  it('kills all that match when told so, after a question', async () => {
    const world = fakeWorld({ answers: [true] });
    expect(await runCli(['-u', cluster.url, 'kill', 'web', '--all-matching'], world.io)).toBe(0);
    expect(world.questions).toEqual(['kill 2 tasks (web.0, web.1)?']);
    expect(killed()).toHaveLength(2);
  });

  it('needs --yes for several where nobody can be asked', async () => {
    expect(await run('kill web --all-matching')).toMatchObject({ exitCode: 2 });
    expect(await run('kill web --all-matching --yes')).toMatchObject({ exitCode: 0 });
  });

  it('says so when the task has ended already', async () => {
    expect(await run('kill old')).toEqual({ exitCode: 0, stdout: '', stderr: 'old has ended already: exit 1\n' });
  });

  it('changes nothing with --dry-run', async () => {
    expect((await run('kill web.0 --dry-run')).stdout).toBe('would kill web.0 on n1\n');
    expect(killed()).toEqual([]);
  });

  it('shows a refusal with its faults, hints, code and trace', async () => {
    const problem = {
      type: '/problems/task.ended',
      title: 'Task has ended',
      status: 409,
      code: 'task.ended',
      detail: 'web.0 ended 3 s ago',
      traceId: '9d0c4e11aabbccdd9d0c4e11aabbccdd',
      errors: [{ path: 'gracePeriodMs', message: 'must be positive' }],
      hints: ['tranche ps --all web.0'],
    };
    rest.answers.set('POST /v1/tasks/aaaa0001-web.0:kill', () => ({
      status: 409,
      type: 'application/problem+json',
      body: JSON.stringify(problem),
    }));
    expect(await run('kill web.0')).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: [
        'error: task has ended: web.0 ended 3 s ago',
        '  gracePeriodMs: must be positive',
        '  try: tranche ps --all web.0',
        '  (task.ended, trace 9d0c4e11)',
        '',
      ].join('\n'),
    });
  });
});

describe('tranche wait', () => {
  it('returns when every task is there', async () => {
    expect((await run('wait web --for running')).exitCode).toBe(0);
    expect((await run('wait old --for gone')).exitCode).toBe(0);
  });

  it('finds nothing gone that never was, and names what is like it', async () => {
    const answer = await run('wait web.7 --for gone');
    expect([answer.exitCode, answer.stderr]).toEqual([3, expect.stringContaining('tasks named web: web.0 web.1')]);
  });

  it('takes for gone what it has seen and history has no more', async () => {
    const waiting = run('wait web.0 --for gone', { isLive: true });
    await vi.waitFor(() => expect(requested('GET').length).toBeGreaterThan(0));
    rest.tasks = [];
    expect(await waiting).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('fails when a task will never be there', async () => {
    expect(await run('wait old --for finished')).toMatchObject({
      exitCode: 1,
      stderr: 'error: will not be finished any more: old (exit 1)\n',
    });
  });

  it('gives up after the time that it was given', async () => {
    expect(await run('wait web.0 --for gone --timeout 100ms', { isLive: true })).toMatchObject({
      exitCode: 5,
      stderr: 'error: not gone after 100ms: web.0 (running)\n',
    });
  });

  it('refuses another condition', async () => {
    expect(await run('wait web --for happiness')).toMatchObject({ exitCode: 2 });
  });
});

describe('tranche fs', () => {
  const base = '/v1/tasks/aaaa0001-web.0/files';

  it('lists a folder of the sandbox', async () => {
    const file = { uid: 'root', gid: 'root', nlink: 1, mtime: 1_795_354_155 };
    rest.answers.set(`GET ${base}/browse`, (url) => ({
      body: JSON.stringify([
        { ...file, mode: 'drwxr-xr-x', path: `/x/${url.searchParams.get('path')}/data`, size: 4096 },
        { ...file, mode: '-rw-r--r--', path: '/x/log/stderr', size: 523 },
      ]),
    }));
    expect((await run('fs ls web.0:log')).stdout).toBe(
      [
        'MODE        OWNER   SIZE  MODIFIED              NAME',
        'drwxr-xr-x  root   4 KiB  2026-11-22T13:29:15Z  data/',
        '-rw-r--r--  root   523 B  2026-11-22T13:29:15Z  stderr',
        '',
      ].join('\n'),
    );
    expect(requested('GET').at(-1)).toContain('path=log&frameworkId=f1');
  });

  it('prints a file as it is, or as JSON', async () => {
    rest.answers.set(`GET ${base}/download`, () => ({ type: 'application/octet-stream', body: 'hello\n' }));
    expect((await run('fs cat web.0:/etc/motd')).stdout).toBe('hello\n');
    expect(requested('GET').at(-1)).toContain('path=etc%2Fmotd');
    expect((await run('fs cat web.0:x --json')).stdout).toBe(
      '{"task":"aaaa0001-web.0","path":"x","content":"hello\\n"}\n',
    );
  });

  it('says until when the sandbox of an ended task stays, beside the list', async () => {
    rest.tasks = [
      task({ id: 'cccc0001-old', name: 'old', state: 'TASK_FINISHED', sandboxUntil: '2026-12-01T00:00:00Z' }),
    ];
    rest.answers.set('GET /v1/tasks/cccc0001-old/files/browse', () => ({ body: '[]' }));
    const until = 'the sandbox stays until 2026-12-01T00:00:00Z, if its room is not needed before\n';
    expect((await run('fs ls old')).stderr).toContain(until);
    expect((await run('fs ls old --json')).stderr).toBe('');
    expect((await run('fs ls old -q')).stderr).not.toContain(until);
  });

  it('copies a file to this machine', async () => {
    rest.answers.set(`GET ${base}/download`, () => ({ type: 'application/octet-stream', body: 'hello\n' }));
    const world = fakeWorld();
    expect(await runCli(['-u', cluster.url, 'fs', 'get', 'web.0:/etc/motd'], world.io)).toBe(0);
    expect(await runCli(['-u', cluster.url, 'fs', 'get', 'web.0:log', '/tmp/x'], world.io)).toBe(0);
    expect([world.files.get('motd'), world.files.get('/tmp/x')]).toEqual(['hello\n', 'hello\n']);
    expect(await run('fs get web.0')).toMatchObject({ exitCode: 2 });
  });

  it('needs a path', async () => {
    expect(await run('fs cat web.0')).toMatchObject({
      exitCode: 2,
      stderr: 'error: "web.0" names no file\n  try: tranche fs cat web.0:stdout\n',
    });
  });

  it('exits with 3 when there is no such file', async () => {
    expect(await run('fs cat web.0:nothing')).toMatchObject({ exitCode: 3 });
  });
});
