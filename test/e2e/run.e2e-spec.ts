import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

interface TaskRow {
  id: string;
  name: string;
  state: string;
  cause?: string;
  exitCode?: number;
  statuses: { state: string; reason?: string; message?: string }[];
}

const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
const runtime = process.getuid?.() === 0 ? it : it.skip;

describe('tranche run', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start();
  });
  afterAll(() => cluster?.stop());

  const task = async (name: string): Promise<TaskRow> => {
    const { stdout } = await cluster.tranche('ps', '--all', '--json', name);
    const [row] = (JSON.parse(stdout) as { items: TaskRow[] }).items;
    if (row === undefined) throw new Error(`no task ${name} in ${stdout}`);
    return row;
  };

  it('streams the output and passes on the exit status', async () => {
    const ended = await cluster.tranche('run', '--', 'sh', '-c', 'echo hello; echo oops >&2; exit 3');
    expect(ended.stdout).toBe('hello\n');
    expect(ended.stderr).toContain('oops');
    expect(ended.status).toBe(3);
  });

  it('shows each line when it is written', async () => {
    const run = cluster.cli('run', '--name', 'lines', '--', 'sh', '-c', 'echo one; read x < /dev/zero || sleep 30');
    await run.until(/^one$/m);
    run.process.kill('SIGINT');
    expect((await run.finished).status).toBe(130);
  });

  it('gives a task the environment of a Mesos command task, and ports', async () => {
    const ended = await cluster.tranche('run', '--ports', '2', '--env', 'A=b c', '--', 'sh', '-c', 'env; pwd');
    expect(ended.stdout).toMatch(/^A=b c$/m);
    expect(ended.stdout).toMatch(/^PORT0=\d+$/m);
    expect(ended.stdout).toMatch(/^PORT1=\d+$/m);
    const sandbox = /^MESOS_SANDBOX=(.+)$/m.exec(ended.stdout)?.[1] ?? '';
    expect(ended.stdout.trimEnd().endsWith(sandbox)).toBe(true);
    expect(ended.stdout).toMatch(/^MESOS_FRAMEWORK_ID=.+-\d{4}$/m);
  });

  runtime('shows a task that eats more than its memory as OOM, with the limit and the use', async () => {
    const hog = 'x = "x" * 200_000_000; print(len(x))';
    const ended = await cluster.tranche(
      'run',
      '--name',
      'hog',
      '--mem',
      '32m',
      '--',
      'perl',
      '-e',
      hog.replace(/x = .*/, 'my $x = "x" x 200_000_000; print length $x'),
    );
    expect(ended.status).not.toBe(0);
    const row = await task('hog');
    expect(row.cause).toMatch(/OOM 32 MiB/);
    expect(row.statuses.at(-1)).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LIMITATION_MEMORY' });
    expect(row.statuses.at(-1)?.message).toMatch(/Memory limit exceeded: Requested: 32\S* Maximum Used: 3[12]\S*/);
    expect(ended.stderr).toMatch(/OOM/);
  });

  it('runs 20 tasks at once, and Ctrl-C ends them all', async () => {
    const run = cluster.cli(
      'run',
      '--name',
      'many',
      '-n',
      '20',
      '--cpus',
      '0.1',
      '--mem',
      '32m',
      '--',
      'sh',
      '-c',
      'echo up $$; sleep 300',
    );
    await expect
      .poll(() => run.output().stdout.match(/up \d+/g)?.length ?? 0, { timeout: 30_000, interval: 50 })
      .toBe(20);
    const { tasks } = await cluster.get<{ tasks: { name: string; state: string }[] }>('/tasks?limit=-1');
    expect(tasks.filter((row) => row.name.startsWith('many') && row.state === 'TASK_RUNNING')).toHaveLength(20);
    run.process.kill('SIGINT');
    expect((await run.finished).status).toBe(130);
    const rows = (JSON.parse((await cluster.tranche('ps', '--all', '--json')).stdout) as { items: TaskRow[] }).items;
    const ended = rows.filter((row) => row.name.startsWith('many'));
    expect(new Set(ended.map((row) => row.state))).toEqual(new Set(['TASK_KILLED']));
  });

  it('leaves detached tasks to run, and kill ends them', async () => {
    const detached = await cluster.tranche(
      'run',
      '--name',
      'keep',
      '--detach',
      '--',
      'sh',
      '-c',
      'echo here; sleep 300',
    );
    expect(detached.status).toBe(0);
    const logs = cluster.cli('logs', '-f', 'keep');
    await logs.until(/^here$/m);
    expect((await cluster.tranche('kill', 'keep', '--yes')).status).toBe(0);
    expect((await logs.finished).status).toBe(0);
    await expect.poll(async () => (await task('keep')).state, { timeout: 10_000 }).toBe('TASK_KILLED');
  });

  it('finds a running task again after the cluster was killed, with the same pid, and later its exit status', async () => {
    const command = 'echo pid $(readlink /proc/self/ns/pid) $$; while [ ! -e stop ]; do sleep 0.1; done; exit 7';
    await cluster.tranche('run', '--name', 'survivor', '--detach', '--', 'sh', '-c', command);
    const containers = async () =>
      Promise.all(
        [1, 2, 3].map((n) =>
          fetch(`http://127.0.0.1:${cluster.port + n}/containers`).then(
            (r) => r.json() as Promise<{ source: string; status: { executor_pid: number } }[]>,
          ),
        ),
      );
    const pidOf = async (): Promise<number> => {
      const row = await task('survivor');
      return (await containers()).flat().find((c) => c.source === row.id)?.status.executor_pid ?? 0;
    };
    await expect.poll(async () => (await task('survivor')).state, { timeout: 10_000 }).toBe('TASK_RUNNING');
    const pid = await pidOf();
    expect(isRunning(pid)).toBe(true);
    await cluster.crash();
    expect(isRunning(pid)).toBe(true);
    await cluster.up();
    await expect.poll(async () => (await task('survivor')).state, { timeout: 10_000 }).toBe('TASK_RUNNING');
    expect(await pidOf()).toBe(pid);
    const { stdout } = await cluster.tranche('fs', 'ls', 'survivor', '--json');
    expect(stdout).toContain('stdout');
    const { stdout: text } = await cluster.tranche('fs', 'cat', 'survivor:stdout');
    expect(text).toMatch(/^pid /);
    const sandbox = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .find((v) => v.startsWith('MESOS_DIRECTORY='))
      ?.slice(16);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${sandbox}/stop`, '');
    await expect.poll(async () => (await task('survivor')).state, { timeout: 10_000 }).toBe('TASK_FAILED');
    expect(await task('survivor')).toMatchObject({ exitCode: 7, cause: 'exit 7' });
  });

  it('reports the exit status of a task that ended while the cluster was down', async () => {
    await cluster.tranche('run', '--name', 'short', '--detach', '--', 'sh', '-c', 'sleep 1; exit 5');
    await expect.poll(async () => (await task('short')).state, { timeout: 10_000 }).toBe('TASK_RUNNING');
    await cluster.crash();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await cluster.up();
    await expect.poll(async () => (await task('short')).state, { timeout: 10_000 }).toBe('TASK_FAILED');
    expect((await task('short')).exitCode).toBe(5);
  });
});
