import { readFileSync } from 'node:fs';
import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agent,
  type CliResult,
  fakeWorld,
  type FakeWorldOptions,
  FakeRest,
  framework,
  offer,
  runInFakeWorld,
  task,
} from './cli.fakes.js';
import { createContext } from './cli-context.js';
import { runCli } from './cli.js';
import { COMMANDS } from './command-table.js';
import { VERSION } from './version.js';

let cluster: FakeCluster;
let rest: FakeRest;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.answers.set('GET /version', () => ({ body: '{"version":"0.1.0","git_sha":"abc"}' }));
});

afterEach(() => cluster.stop());

const run = (line: string, options?: FakeWorldOptions): Promise<CliResult> => runInFakeWorld(line.split(' '), options);
const onCluster = (line: string, options?: FakeWorldOptions): Promise<CliResult> =>
  run(`-u ${cluster.url} ${line}`, options);

describe('the command line', () => {
  it('lists every command in its help', async () => {
    const { stdout, exitCode } = await run('--help');
    expect(exitCode).toBe(0);
    for (const { word } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${word}\\b`, 'm'));
  });

  it('prints help when nothing is asked for', async () => {
    expect((await runInFakeWorld([])).stdout).toContain('Usage: tranche');
  });

  it.each([
    ['pss', "error: unknown command 'pss'", 'did you mean ps?'],
    ['nope', "error: unknown command 'nope'", 'did you mean role or top?'],
    ['ps --fraemwork x', "error: unknown option '--fraemwork'", 'did you mean --framework?'],
    ['agent lst', "error: unknown command 'lst'", 'did you mean ls?'],
    ['agent', 'error: agent needs a verb', 'verbs: ls describe drain'],
    ['ps -o xml', 'error: "xml" is no output format', 'formats: table wide json jsonl name'],
    ['ps --sort size', 'error: --sort: there is no column "size"', 'columns: name state'],
    ['ps --max many', 'error: --max: "many" is no whole number', ''],
    ['ps --timeout soon', 'error: --timeout: "soon" is no duration', 'durations are written 250ms'],
    ['ps --state happy', 'error: --state: there is no state "happy"', 'states: staging'],
    ['-c nowhere ps', 'error: there is no context "nowhere"', 'config.yaml has none'],
    ['-u ftp://x ps', 'error: "ftp://x" is no address of a cluster', 'addresses look like http'],
  ])('%s is wrong usage, exit code 2', async (line, message, hint) => {
    const { exitCode, stderr, stdout } = await run(line.startsWith('-') ? line : `-u ${cluster.url} ${line}`);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')[0]).toBe(message);
    expect(stderr).toContain(hint);
  });

  it('exits with 5 and says what to do when no cluster is there', async () => {
    expect(await run('-u http://127.0.0.1:1 ps')).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: [
        'error: cannot reach http://127.0.0.1:1 (connection refused)',
        '  no local cluster is running: tranche local up      another one: tranche config use NAME',
        '',
      ].join('\n'),
    });
  });

  it('exits with 5 when the cluster cannot answer now', async () => {
    rest.answers.set('GET /v1/tasks', () => ({ status: 503, type: 'text/plain', body: 'No leader elected' }));
    expect(await onCluster('ps')).toMatchObject({
      exitCode: 5,
      stderr: 'error: /v1/tasks was answered with status 503: No leader elected\n',
    });
  });

  it('prints requests, their times and their traces with --verbose', async () => {
    const { stderr } = await onCluster('version -v');
    expect(stderr).toBe('GET /version 200 0 ms trace 9d0c4e11aabbccdd9d0c4e11aabbccdd\n');
  });

  it('accepts global flags before and after the command', async () => {
    rest.tasks = [task()];
    expect((await onCluster('-o name ps')).stdout).toBe((await onCluster('ps -o name')).stdout);
  });
});

describe('tranche version', () => {
  it('prints both versions', async () => {
    expect((await onCluster('version')).stdout).toBe(`tranche  0.1.0\ncluster  0.1.0 at ${cluster.url}\n`);
    expect(JSON.parse((await onCluster('version --json')).stdout)).toEqual({
      client: { version: '0.1.0' },
      cluster: { version: '0.1.0', git_sha: 'abc' },
    });
  });

  it('prints its own when there is no cluster, and exits with 5', async () => {
    const { exitCode, stdout } = await run('-u http://127.0.0.1:1 version');
    expect(exitCode).toBe(5);
    expect(stdout).toBe('tranche  0.1.0\ncluster  cannot reach http://127.0.0.1:1 (connection refused)\n');
  });

  it('is that of the package', () => {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect((JSON.parse(text) as { version: string }).version).toBe(VERSION);
  });
});

describe('tranche api', () => {
  it('sends any request and prints the answer as it is', async () => {
    expect((await onCluster('api GET /version')).stdout).toBe('{"version":"0.1.0","git_sha":"abc"}\n');
  });

  it('sends an operator call by its type, with members from a file', async () => {
    rest.answers.set('POST /api/v1', (_url, body) => ({ body }));
    const { stdout } = await onCluster('api GET_TASKS -d body.json', { files: { 'body.json': '{"x":1}' } });
    expect(JSON.parse(stdout)).toEqual({ x: 1, type: 'GET_TASKS' });
  });

  it('takes the members of a call from what is piped or redirected into it', async () => {
    rest.answers.set('POST /api/v1', (_url, body) => ({ body }));
    const files = { '-': '{"x":1}' };
    for (const inputKind of ['file', 'pipe'] as const) {
      const { stdout } = await onCluster('api MARK_AGENT_GONE', { files, inputKind });
      expect(JSON.parse(stdout)).toEqual({ x: 1, type: 'MARK_AGENT_GONE' });
    }
    // Left open by whoever started it, a pipe would be waited for in vain.
    expect(JSON.parse((await onCluster('api GET_TASKS', { files, inputKind: 'pipe' })).stdout)).toEqual({
      type: 'GET_TASKS',
    });
  });

  it('sends nothing that changes something in a dry run', async () => {
    const files = { 'b.json': '{"x":1}' };
    expect((await onCluster('api PUT /v1/weights/a -d b.json --dry-run', { files })).stdout).toBe(
      'would send PUT /v1/weights/a {"x":1}\n',
    );
    expect((await onCluster('api MARK_AGENT_GONE -d b.json --dry-run', { files })).stdout).toBe(
      'would send POST /api/v1 {"x":1,"type":"MARK_AGENT_GONE"}\n',
    );
    expect(rest.requests).toEqual([]);
    expect((await onCluster('api GET /version --dry-run')).exitCode).toBe(0);
  });

  it('exits with 3 for 404', async () => {
    expect(await onCluster('api GET /nothing')).toMatchObject({ exitCode: 3 });
  });
});

describe('settings', () => {
  const files = {
    '/home/test/.config/tranche/config.yaml':
      'current: laptop\ncontexts:\n  laptop: {url: http://127.0.0.1:1}\n  prod: {url: https://p.example.org, tokenFile: ~/token}\n',
    '/home/test/token': 'secret\n',
  };

  it('come from the current context', async () => {
    expect((await run('config get', { files })).stdout).toContain('context  laptop\nurl      http://127.0.0.1:1\n');
  });

  it('come from the environment before the file, from flags before the environment', async () => {
    const env = { TRANCHE_CONTEXT: 'prod' };
    expect((await run('config get', { files, env })).stdout).toContain('url      https://p.example.org\n');
    expect((await run('config get -c laptop', { files, env })).stdout).toContain('url      http://127.0.0.1:1\n');
    expect((await run('config get', { files, env: { TRANCHE_URL: 'http://x:1' } })).stdout).toContain('http://x:1');
  });

  it('never show secrets', async () => {
    expect((await run('config get -c prod', { files })).stdout).toContain('token    (set)\n');
    expect((await run('config get -c prod --json', { files })).stdout).not.toContain('secret');
  });

  it('send the token', async () => {
    await onCluster('version', { env: { TRANCHE_TOKEN: 't' } });
    expect(rest.requests[0]?.headers.authorization).toBe('Bearer t');
  });

  it('report every mistake in the file', async () => {
    const broken = { [Object.keys(files)[0] ?? '']: 'curent: x\ncontexts:\n  a: {urll: http://x}\n' };
    expect((await run('ps', { files: broken })).stderr).toBe(
      [
        'error: /home/test/.config/tranche/config.yaml is not valid',
        '  curent: is not known, did you mean current?',
        '  contexts.a.urll: is not known, did you mean url?',
        '  contexts.a.url: is missing',
        '',
      ].join('\n'),
    );
  });

  it('are written by config set and config use', async () => {
    const world = fakeWorld();
    expect(await runCli(['config', 'set', 'lab', 'url=http://lab:5050', 'confirm=true'], world.io)).toBe(0);
    expect(await runCli(['config', 'use', 'lab'], world.io)).toBe(0);
    expect(await runCli(['config', 'contexts'], world.io)).toBe(0);
    expect(world.stdout()).toBe('CURRENT  NAME  URL\n*        lab   http://lab:5050\n');
    expect([...world.files.values()]).toEqual([
      'contexts:\n  lab:\n    url: http://lab:5050\n    confirm: true\ncurrent: lab\n',
    ]);
  });

  it('refuse to use a context that is not there', async () => {
    expect(await run('config use prodd', { files })).toMatchObject({
      exitCode: 3,
      stderr: 'error: there is no context "prodd"\n  did you mean prod?\n  contexts: laptop prod\n',
    });
  });
});

describe('tranche completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints the script of %s', async (shell) => {
    expect((await run(`completion ${shell}`)).stdout).toContain('tranche completion --candidates');
  });

  it.each([
    ['p', 'ps'],
    ['agent ', 'ls'],
    ['fs c', 'cat'],
    ['ps --fr', '--framework'],
    ['logs we', 'web.0'],
    ['logs -n 5 web.0 we', 'web.0'],
    ['cp we', 'web.0:'],
    ['agent drain ', 'n1'],
    ['agent drain n1 --a', '--all-matching'],
    ['ps --agent ', 'n1'],
    ['-o wide ps -f ', 'web'],
    ['framework teardown ', 'web'],
    ['quota set ', 'analytics'],
    ['volume create n1 ', 'analytics'],
    ['offer rescind ', 'O7'],
    ['volume rm ', 'data'],
    ['reservation rm ', 'r-1'],
    ['maintenance cancel ', 'w-1'],
    ['maintenance start ', 'n1'],
    ['config use ', 'prod'],
    ['ps --context ', 'prod'],
    ['ps -o ', 'jsonl'],
    ['wait web.0 --for ', 'healthy'],
    ['top ', 'frameworks'],
    ['completion ', 'fish'],
  ])('offers what may follow %j', async (words, candidate) => {
    rest.tasks = [task({ name: 'web.0' })];
    rest.agents = [agent()];
    rest.frameworks = [framework()];
    rest.offers = [offer({ id: '9ad6b50a-0c04-42eb-ba4b-eee5f23b0298-O7' })];
    const listed = { roles: { name: 'analytics' }, volumes: { persistenceId: 'data' } };
    const byId = { reservations: { id: 'r-1' }, maintenance: { id: 'w-1' } };
    for (const [list, item] of Object.entries({ ...listed, ...byId })) {
      rest.answers.set(`GET /v1/${list}`, () => ({ body: JSON.stringify({ items: [item], asOf: 7 }) }));
    }
    const { stdout } = await runInFakeWorld(
      ['-u', cluster.url, 'completion', '--candidates', '--', ...words.split(' ')],
      { files: { '/home/test/.config/tranche/config.yaml': 'contexts: {prod: {url: http://prod}}' } },
    );
    expect(stdout.split('\n')).toContain(candidate);
  });

  it('offers nothing, and no error, when the cluster is away', async () => {
    expect(await run('-u http://127.0.0.1:1 completion --candidates -- logs w')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});

describe('a dry run', () => {
  it('lets nothing pass that changes the cluster, whatever the command does', async () => {
    const { api } = await createContext(fakeWorld().io, { url: cluster.url, dryRun: true });
    await expect(api.post('/v1/agents/a:drain', {}, {})).rejects.toThrow('nothing was changed');
    await expect(api.get('/version')).resolves.toBeDefined();
    expect(rest.requests.map(({ method }) => method)).not.toContain('POST');
    api.close();
  });
});

describe('a context with confirm: true', () => {
  const files = (): Record<string, string> => ({
    '/home/test/.config/tranche/config.yaml': `current: prod\ncontexts: {prod: {url: '${cluster.url}', confirm: true}}`,
  });
  const changes = (): string[] =>
    rest.requests
      .filter(({ method }) => method !== 'GET')
      .map(({ method, url }) => `${method} ${url.pathname}${url.search}`);
  const inProd = async (line: string, answers?: boolean[]) => {
    const world = fakeWorld({ files: files(), ...(answers && { answers }) });
    const exitCode = await runCli(line.split(' '), world.io);
    return { exitCode, stderr: world.stderr(), questions: world.questions };
  };
  beforeEach(() => {
    rest.agents = [agent()];
    rest.answers.set('PUT /v1/weights/web', () => ({ body: '{"role":"web","weight":2}' }));
    rest.answers.set('POST /v1/agents/a1:drain', () => ({
      body: JSON.stringify({ ...agent(), effects: { tasks: 1, frameworks: 1 } }),
    }));
  });

  it('is asked before every change, and left alone when the answer is no', async () => {
    const { exitCode, questions, stderr } = await inProd('weight set web 2', [false]);
    expect({ exitCode, questions, stderr }).toEqual({
      exitCode: 1,
      questions: [`change the cluster of context prod, ${cluster.url}?`],
      stderr: 'error: not confirmed: nothing was changed\n',
    });
    expect(changes()).toEqual([]);
    expect((await inProd('weight set web 2', [true])).exitCode).toBe(0);
    expect(changes()).toEqual(['PUT /v1/weights/web']);
  });

  it('is not asked twice by a command that asks itself, nor for trials and reads', async () => {
    const { exitCode, questions } = await inProd('agent drain n1', [true]);
    expect([exitCode, questions.length]).toEqual([0, 1]);
    expect(questions[0]).toContain('drain n1?');
    expect((await inProd('agent drain n1 --dry-run', [])).questions).toEqual([]);
    expect((await inProd('agent ls', [])).questions).toEqual([]);
    rest.answers.set('POST /api/v1', () => ({ body: '{}' }));
    expect((await inProd('api GET_AGENTS', [])).questions).toEqual([]);
    expect((await inProd('api MARK_AGENT_GONE', [])).exitCode).toBe(1);
  });

  it('takes --yes for an answer, and needs it without a terminal', async () => {
    expect(await inProd('weight set web 2')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('add --yes'),
    });
    expect((await inProd('weight set web 2 --yes')).exitCode).toBe(0);
  });
});
