import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, LocalCluster } from './local-cluster.js';
import { canMakeTerminals, TerminalSession } from './terminal.js';

const withTerminal = canMakeTerminals ? it : it.skip;
const why = canMakeTerminals ? '' : ' (no script of util-linux)';
const TRANCHE = `${process.execPath} ${CLI}`;

describe('commands in a running task', () => {
  let cluster: LocalCluster;
  let folder: string;

  beforeAll(async () => {
    cluster = await LocalCluster.start();
    folder = mkdtempSync(join(tmpdir(), 'tranche-sessions-'));
    const command = 'echo up; while [ ! -e stop ]; do sleep 0.1; done; echo over; exit 4';
    await cluster.tranche('run', '--name', 'web', '--detach', '--', command);
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const terminal = (script: string, env: Record<string, string> = {}): TerminalSession =>
    TerminalSession.start(script, { ...env, TRANCHE_URL: cluster.url });
  /** Runs a command with input. */
  const piped = async (input: string | Buffer, ...args: string[]): Promise<[status: number, stdout: string]> => {
    const env = { ...process.env, TRANCHE_URL: cluster.url };
    const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    // A command that does not read has closed it: no fault of the test.
    child.stdin.on('error', () => undefined).end(input);
    const [[status], stdout] = await Promise.all([once(child, 'close'), text(child.stdout)]);
    return [status as number, stdout];
  };

  it('exec keeps output, errors and exit status apart', async () => {
    expect(await cluster.tranche('exec', 'web', '--', 'echo out; echo err >&2; exit 7')).toEqual({
      status: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('exec -i passes input on to its end, more than one request of it', async () => {
    expect(await piped('b\na\n', 'exec', '-i', 'web', '--', 'sort')).toEqual([0, 'a\nb\n']);
    const bytes = Buffer.alloc(3_000_001, 'x');
    expect(await piped(bytes, 'exec', '-i', 'web', '--', 'wc', '-c')).toEqual([0, '3000001\n']);
    expect(await piped('unread', 'exec', 'web', '--', 'wc', '-c')).toEqual([0, '0\n']);
  });

  it('exec ends with a signal to it, and what it ran does too', async () => {
    const running = cluster.cli('exec', 'web', '--', 'echo go; exec sleep 30019');
    await running.until(/go/);
    running.process.kill('SIGINT');
    expect((await running.finished).status).toBe(130);
    const sleeps = async (): Promise<string> =>
      (await cluster.tranche('exec', 'web', '--', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "')).stdout;
    await expect.poll(sleeps, { timeout: 10_000 }).not.toContain('sleep 30019');
  });

  withTerminal(`exec -it is a terminal that follows the size of ours, and leaves ours as it was${why}`, async () => {
    const session = terminal(`stty -g; ${TRANCHE} exec -it web -- sh; echo status $?; stty -g`);
    await session.until(/[#$] $/);
    expect((await session.ask('stty size\r', /\n(\d+ \d+)/))[1]).toBe('33 111');
    await session.resize(40, 90);
    await expect
      .poll(async () => (await session.ask('stty size\r', /\n(\d+ \d+)/))[1], { timeout: 10_000 })
      .toBe('40 90');
    const from = session.shown.length;
    session.type('sleep 300\r');
    await session.until(/sleep 300\r/, from);
    await session.ask('\u0003', /[#$] $/);
    session.type('exit 9\r');
    const [, before, status, after] =
      /([\da-f:]{60,})[^]*status (\d+)\s+([\da-f:]{60,})/.exec(await session.end()) ?? [];
    expect([status, after]).toEqual(['9', before]);
  });

  withTerminal(`a terminal is put back when exec is killed in the middle of a full-screen program${why}`, async () => {
    const client = `sh -c 'echo pid $$.; exec ${TRANCHE} exec -it web -- "$PROGRAM"'`;
    const PROGRAM = 'printf "\\033[?1049h\\033[?25l"; echo full; sleep 300';
    const session = terminal(`stty -g; ${client}; echo status $?; stty -g`, { PROGRAM });
    const [, pid] = await session.until(/pid (\d+)\./);
    await session.until(/full/);
    process.kill(Number(pid), 'SIGTERM');
    const [, before, shown, status, after] =
      /([\da-f:]{60,})([^]*)status (\d+)\s+([\da-f:]{60,})/.exec(await session.end()) ?? [];
    expect([status, after]).toEqual(['143', before]);
    expect(shown).toContain('\u001b[?25h\u001b[?1049l');
  });

  withTerminal(`attach joins a session, and Ctrl-P Ctrl-Q leaves it${why}`, async () => {
    const command = 'read one; echo got $one; read two; exit 3';
    const owner = terminal(`${TRANCHE} exec -v -t web -- '${command}'; echo status $?`);
    const [, id = ''] = await owner.until(/session (\S+)/);
    const join = (): TerminalSession => terminal(`${TRANCHE} attach -it ${id}; echo status $?`);
    const first = join();
    await first.ask('hello\r', /got hello/);
    await owner.until(/got hello/);
    first.type('\u0010\u0011');
    expect(await first.end()).toMatch(/detached; it runs on\s+status 0/);
    const second = join();
    second.type('\r');
    expect([await second.end(), await owner.end()]).toEqual([
      expect.stringContaining('status 3'),
      expect.stringContaining('status 3'),
    ]);
  });

  withTerminal(
    `attach joins the terminal of a task that has one, leaves it, and exits as the task does${why}`,
    async () => {
      const command = 'read one; echo got $one; stty size; read two; exit 6';
      await cluster.tranche('run', '--name', 'shell', '--tty', '--detach', '--', command);
      const first = terminal(`stty -g; ${TRANCHE} attach shell; echo status $?; stty -g`);
      await first.ask('hello\r', /got hello\s+33 111/);
      first.type('\u0010\u0011');
      const [, before, after] =
        /([\da-f:]{60,})[^]*detached[^]*status 0\s+([\da-f:]{60,})/.exec(await first.end()) ?? [];
      expect(after).toBe(before);
      const second = terminal(`${TRANCHE} attach shell; echo status $?`);
      second.type('\r');
      expect(await second.end()).toContain('status 6');
    },
  );

  it('cp copies a folder in and out again, with permissions, times and links', async () => {
    const source = join(folder, 'site');
    mkdirSync(join(source, 'sub'), { recursive: true });
    writeFileSync(join(source, 'sub/big'), Buffer.alloc(2_500_000, 'y'));
    writeFileSync(join(source, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(source, 'run.sh'), 0o750);
    utimesSync(join(source, 'run.sh'), 1_577_934_245, 1_577_934_245);
    rmSync(join(source, 'link'), { force: true });
    symlinkSync('run.sh', join(source, 'link'));
    expect(await cluster.tranche('cp', source, 'web:')).toMatchObject({ status: 0 });
    const { stdout } = await cluster.tranche('exec', 'web', '--', 'stat -c "%a %Y" site/run.sh; readlink site/link');
    expect(stdout).toBe('750 1577934245\nrun.sh\n');
    expect(await cluster.tranche('cp', 'web:site', join(folder, 'back'))).toMatchObject({ status: 0 });
    const back = statSync(join(folder, 'back/run.sh'));
    expect([back.mode & 0o777, back.mtimeMs]).toEqual([0o750, 1_577_934_245_000]);
    expect(readFileSync(join(folder, 'back/sub/big'))).toEqual(readFileSync(join(source, 'sub/big')));
    expect(readFileSync(join(folder, 'back/link'), 'utf8')).toBe('#!/bin/sh\n');
    expect(readlinkSync(join(source, 'link'))).toBe('run.sh');
    expect(await cluster.tranche('cp', join(source, 'run.sh'), 'web:no/such')).toMatchObject({ status: 3 });
  });

  it('cp says that a container has no tar', async () => {
    const bare = mkdtempSync(join(folder, 'bin-'));
    for (const name of ['sh', 'sleep']) symlinkSync(`/bin/${name}`, join(bare, name));
    await cluster.tranche('run', '--name', 'bare', '--env', `PATH=${bare}`, '--detach', '--', 'sleep 300');
    const copied = await cluster.tranche('cp', CLI, 'bare:');
    expect([copied.status, copied.stderr.split('\n')[0]]).toEqual([
      1,
      'error: bare has no tar in its container, which is what unpacks the copy',
    ]);
  });

  it('fs tail -f and attach follow a task to its end, and attach exits as it does', async () => {
    await cluster.tranche('exec', 'web', '--', 'seq 30 > numbers');
    expect((await cluster.tranche('fs', 'tail', '-n', '2', 'web:numbers')).stdout).toBe('29\n30\n');
    const tail = cluster.cli('fs', 'tail', '-f', 'web:numbers');
    await tail.until(/^30$/m);
    const attached = cluster.cli('attach', 'web');
    await cluster.tranche('exec', 'web', '--', 'echo 31 >> numbers');
    await tail.until(/^31$/m);
    await cluster.tranche('exec', 'web', '--', ': > stop');
    expect((await tail.finished).status).toBe(0);
    expect(await attached.finished).toMatchObject({ status: 4, stdout: 'over\n' });
  });
});
