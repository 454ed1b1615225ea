import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, type FakeWorldOptions, FakeRest, runInFakeWorld, task } from '../cli.fakes.js';
import { exitCodeOfStatus } from '../sessions/run-session.js';
import { answerSessions, inputOf } from '../sessions/sessions.fakes.js';

let cluster: FakeCluster;
let rest: FakeRest;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.tasks = [
    task({ id: 'aaaa0001-web', name: 'web', containerId: 'c1' }),
    task({ id: 'aaaa0002-pod', name: 'pod', containerId: 'c2.inner' }),
    task({ id: 'bbbb0001-new', name: 'new', state: 'TASK_STAGING' }),
    task({ id: 'bbbb0002-old', name: 'old', state: 'TASK_FAILED', cause: 'exit 1', containerId: 'c3' }),
  ];
});

afterEach(() => cluster.stop());

const run = (line: string, options?: FakeWorldOptions): Promise<CliResult> =>
  runInFakeWorld(['-u', cluster.url, ...line.split(' ')], options);

describe('tranche exec', () => {
  it('shows what the command writes, each stream where it belongs, and exits as it does', async () => {
    answerSessions(rest, { output: [['STDOUT', 'out\n'], ['STDERR', 'err\n']], end: { exit_status: 7 << 8 } }); // biome-ignore format: pairs
    expect(await run('exec web -- ls -l')).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('asks for a session below the container of the task, with the words as they are', async () => {
    const seen = answerSessions(rest, {});
    await run('exec pod -- ls -l');
    expect(seen[0]).toMatchObject({
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: {
        container_id: { parent: { value: 'inner', parent: { value: 'c2' } } },
        command: { shell: false, value: 'ls', arguments: ['ls', '-l'] },
      },
    });
    await run('exec web -- pwd');
    expect(seen).toContainEqual(
      expect.objectContaining({
        launch_nested_container_session: expect.objectContaining({ command: { shell: true, value: 'pwd' } }),
      }),
    );
  });

  it('only says in a dry run what it would run, and where', async () => {
    const seen = answerSessions(rest, {});
    expect(await run('exec web --dry-run -- ls -l')).toMatchObject({
      ...{ exitCode: 0, stdout: 'would run ls -l in web on n1\n' },
    });
    expect(seen).toEqual([]);
  });

  it('passes standard input on with -i, to its end', async () => {
    const seen = answerSessions(rest, { readsInput: true });
    await run('exec -i web -- sort', { input: { chunks: ['b\n', 'a\n'] } });
    expect(inputOf(seen)).toBe('b\na\n');
    const input = seen.filter(({ type }) => type === 'ATTACH_CONTAINER_INPUT');
    expect(input[0]).toMatchObject({ attach_container_input: { type: 'CONTAINER_ID' } });
    expect(input.at(-1)).toMatchObject({
      attach_container_input: { process_io: { type: 'DATA', data: { type: 'STDIN', data: '' } } },
    });
  });

  it.each([
    [7 << 8, 7],
    [0, 0],
    [9, 137],
    [15, 143],
    [139, 139],
  ])('takes wait status %i for exit code %i', (status, code) => {
    expect(exitCodeOfStatus(status)).toBe(code);
  });

  it('has failed itself when the command could not be run, or the agent refuses', async () => {
    answerSessions(rest, { end: { message: 'no such runtime' } });
    expect(await run('exec web -- ls')).toMatchObject({
      exitCode: 125,
      stderr: 'error: the command could not be run: no such runtime\n',
    });
    const refusal = { status: 400, type: 'text/plain', body: 'Parent container c1 does not exist' };
    answerSessions(rest, { refusal });
    expect(await run('exec web -- ls')).toMatchObject({
      exitCode: 125,
      stderr: 'error: the agent refused: Parent container c1 does not exist\n',
    });
  });

  it.each([
    ['exec web', 'there is no command'],
    ['exec web ls', 'put -- before the command'],
    ['exec -t web -- ls', '-t: standard input and output are no terminal'],
    ['exec nope -- ls', 'no task matches "nope"'],
    ['exec new -- ls', 'new does not run yet: staging'],
    ['exec old -- ls', 'old does not run: exit 1'],
  ])('refuses "%s"', async (line, message) => {
    const { exitCode, stderr } = await run(line);
    expect([exitCode, stderr.split('\n')[0]]).toEqual([125, `error: ${message}`]);
  });
});

describe('tranche attach', () => {
  it('follows the output of a task from now on, and exits as the task does', async () => {
    rest.logs.set('aaaa0001-web/stdout', 'more\n');
    rest.logs.set('aaaa0001-web/stderr', '');
    rest.answers.set('GET /v1/tasks/aaaa0001-web', () => ({
      body: JSON.stringify(task({ state: 'TASK_FAILED', exitCode: 3 })),
    }));
    expect(await run('attach web')).toMatchObject({ exitCode: 3, stdout: 'more\n' });
    const asked = rest.requests.filter(({ url }) => url.pathname.endsWith('/logs')).map(({ url }) => url.search);
    expect(asked[0]).toContain('follow=true&tail=0');
  });

  it('joins a session by its id, and exits as it does', async () => {
    const seen = answerSessions(rest, { output: [['STDOUT', 'x']], end: { exit_status: 9 } });
    expect(await run('attach c1.s1')).toEqual({ exitCode: 137, stdout: 'x', stderr: '' });
    expect(seen[0]).toEqual({
      type: 'ATTACH_CONTAINER_OUTPUT',
      attach_container_output: { container_id: { value: 's1', parent: { value: 'c1' } } },
    });
  });

  it('shows what the terminal of a task shows, when there is none here', async () => {
    rest.tasks.push(task({ id: 'aaaa0003-tty', name: 'tty', containerId: 'c4', hasTerminal: true }));
    rest.answers.set('GET /v1/tasks/aaaa0003-tty', () => ({
      body: JSON.stringify(task({ state: 'TASK_FINISHED', exitCode: 0 })),
    }));
    const seen = answerSessions(rest, { output: [['STDOUT', 'x']] });
    expect(await run('attach tty')).toEqual({ exitCode: 0, stdout: 'x', stderr: '' });
    expect(seen).toEqual([
      { type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: { value: 'c4' } } },
    ]);
  });

  it('says that a task takes no input', async () => {
    expect(await run('attach -i web')).toEqual({
      exitCode: 125,
      stdout: '',
      stderr:
        'error: web has no terminal and takes no input\n  a command beside it has both: tranche exec -it web -- sh\n',
    });
  });
});
