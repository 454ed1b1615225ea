import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCgroupFile } from './cgroups/cgroup-file.js';
import type { ContainerConfig, ContainerTermination } from './container.js';
import { type ContainerCheckpoint, type Containerizer, ContainerLaunchError } from './containerizer.js';
import { type ContainerizerOptions, createContainerizer } from './containerizers.js';
import type { InsideCommand, InsideEnd } from './inside/inside-command.js';
import { isAlive } from './processes/process-identity.js';
import type { ContainerizerKind } from './opening.js';
import { until } from './until.js';

/** What a containerizer is known to be able to do; what it cannot do is skipped with this reason. */
export interface ContainerizerTraits {
  readonly containerizer: ContainerizerKind;
  readonly runtime?: ContainerizerOptions['runtime'];
  /** Whether processes that made a session of their own end with the container, too. */
  readonly holdsEscapees: boolean;
  /** A user that the agent may switch to, if it may. */
  readonly otherUser?: { readonly name: string; readonly uid: number; readonly gid: number };
}

const MEBIBYTE = 1024 * 1024;

/** A folder, a containerizer in it, and what is needed to use it. Everything is removed by `end`. */
export class ContainerizerBench {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'tranche-containerizer-')));
  readonly options: ContainerizerOptions;
  private readonly opened: Containerizer[] = [];

  constructor(traits: Pick<ContainerizerTraits, 'containerizer' | 'runtime'>) {
    this.options = {
      ...traits,
      runtimeDir: join(this.folder, 'runtime'),
      cgroupsRoot: `tranche-test-${randomUUID()}`,
      now: Date.now,
    };
    mkdirSync(this.options.runtimeDir);
  }

  /** A containerizer as a newly started agent has it. */
  async open(known: readonly ContainerCheckpoint[] = []): Promise<Containerizer> {
    const containerizer = await createContainerizer(this.options);
    this.opened.push(containerizer);
    await containerizer.recover(known);
    return containerizer;
  }

  /** Everything a container needs; the command is a line of shell. */
  config(command: string, changes: Partial<ContainerConfig> = {}): ContainerConfig {
    const id = randomUUID();
    const sandbox = join(this.folder, 'sandboxes', id);
    mkdirSync(sandbox, { recursive: true });
    return {
      ...{ id, sandbox, args: ['sh', '-c', command], user: userInfo().username },
      env: [['PATH', '/usr/local/bin:/usr/bin:/bin']],
      limits: { cpusMilli: 100, memBytes: 64 * MEBIBYTE },
      ...changes,
    };
  }

  /** Ends and removes all containers, then everything else. */
  async end(): Promise<void> {
    for (const containerizer of this.opened) await containerizer.close?.();
    const last = await createContainerizer(this.options);
    await last.recover([]);
    await last.close?.();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Creates, starts and waits; the container is still there afterwards. */
export async function runContainer(
  containerizer: Containerizer,
  config: ContainerConfig,
): Promise<ContainerTermination> {
  await containerizer.create(config);
  await containerizer.start(config.id);
  return containerizer.termination(config.id);
}

export function outputOf({ sandbox }: ContainerConfig): string {
  return readFileSync(join(sandbox, 'stdout'), 'utf8');
}

/** What every containerizer must hold, whatever it is made of. */
export function describeContainerizer(title: string, traits: ContainerizerTraits): void {
  describe(title, () => {
    let bench: ContainerizerBench;
    let containerizer: Containerizer;

    beforeAll(async () => {
      bench = new ContainerizerBench(traits);
      containerizer = await bench.open();
    });

    afterAll(async () => {
      await bench.end();
      expect(existsSync(bench.folder)).toBe(false);
    });

    const run = (command: string, changes: Partial<ContainerConfig> = {}) => {
      const config = bench.config(command, changes);
      return runContainer(containerizer, config).then((termination) => ({ config, termination }));
    };

    it('names itself', () => {
      expect(containerizer.name).toBe(traits.containerizer);
      expect(containerizer.description).not.toBe('');
    });

    describe('a container that ends by itself', () => {
      it('reports exit code 0 as wait status 0', async () => {
        const { termination } = await run('exit 0');
        expect(termination.waitStatus).toBe(0);
      });

      it('reports another exit code times 256', async () => {
        const { termination } = await run('exit 3');
        expect(termination.waitStatus).toBe(3 * 256);
      });

      it('reports the signal that killed it', async () => {
        const { termination } = await run('kill -KILL $$');
        expect(termination.waitStatus).toBe(9);
      });

      it('keeps exit codes that look like no signal', async () => {
        const { termination } = await run('exit 255');
        expect(termination.waitStatus).toBe(255 * 256);
      });

      it('is hit by no limitation', async () => {
        const { termination } = await run('true');
        expect(termination.limitation).toBeUndefined();
      });

      it('leaves its last statistics', async () => {
        const { termination } = await run('true');
        expect(termination.statistics?.timestampSeconds).toBeGreaterThan(0);
        expect(termination.statistics).toMatchObject({ cpusSoftLimit: 0.1, memLimitBytes: 64 * MEBIBYTE });
      });
    });

    describe('what a container is given', () => {
      it('is exactly the environment that was asked for', async () => {
        const env = [
          ['PATH', '/usr/bin:/bin'],
          ['HOME', '/nowhere'],
          ['QUOTES', `a'b"c$d\`e\\f`],
          ['LINES', 'one\ntwo'],
          ['EMPTY', ''],
          ['lower-case.dotted', 'x=y'],
        ] as const;
        const { config } = await run('', { args: ['env', '-0'], env });
        expect(outputOf(config)).toBe(env.map(([name, value]) => `${name}=${value}\0`).join(''));
      });

      it('is its sandbox as working directory', async () => {
        const { config } = await run('pwd');
        expect(outputOf(config)).toBe(`${config.sandbox}\n`);
      });

      it('is stdout and stderr in the sandbox, each in its file', async () => {
        const { config } = await run('echo out; echo err >&2');
        expect(outputOf(config)).toBe('out\n');
        expect(readFileSync(join(config.sandbox, 'stderr'), 'utf8')).toBe('err\n');
      });

      it('is an empty stdin', async () => {
        const { config, termination } = await run('cat; echo end');
        expect(outputOf(config)).toBe('end\n');
        expect(termination.waitStatus).toBe(0);
      });

      it('is its arguments, word for word', async () => {
        const { config } = await run('', { args: ['printf', '<%s>', `it's`, 'a b', '$HOME', ''] });
        expect(outputOf(config)).toBe(`<it's><a b><$HOME><>`);
      });

      it('is the user that it asks for', async (context) => {
        const { otherUser } = traits;
        if (otherUser === undefined) return context.skip('the agent is not root, so it cannot switch users');
        const command = 'id -u; id -g; id -G >> /dev/stdout; touch mine';
        const config = bench.config(command, { user: otherUser.name });
        chownSync(config.sandbox, otherUser.uid, otherUser.gid);
        await runContainer(containerizer, config);
        expect(outputOf(config)).toBe(`${otherUser.uid}\n${otherUser.gid}\n${otherUser.gid}\n`);
        expect(existsSync(join(config.sandbox, 'mine'))).toBe(true);
      });

      it('is not held back by an earlier output: the files are appended to', async () => {
        const config = bench.config('echo second');
        writeFileSync(join(config.sandbox, 'stdout'), 'first\n');
        await runContainer(containerizer, config);
        expect(outputOf(config)).toBe('first\nsecond\n');
      });
    });

    describe('a created container', () => {
      it('runs nothing before it is started', async () => {
        const config = bench.config('echo started');
        const { pid, pidStartTicks } = await containerizer.create(config);
        expect(isAlive({ pid, startTicks: pidStartTicks })).toBe(true);
        expect(outputOf(config)).toBe('');
        await containerizer.start(config.id);
        await containerizer.termination(config.id);
        expect(outputOf(config)).toBe('started\n');
      });

      it('is described by a checkpoint that JSON keeps as it is', async () => {
        const config = bench.config('true', { limits: { cpusMilli: 100, memBytes: 1, memLimitBytes: Infinity } });
        const checkpoint = await containerizer.create(config);
        expect(JSON.parse(JSON.stringify(checkpoint))).toEqual(checkpoint);
        expect(checkpoint).toMatchObject({ id: config.id, containerizer: containerizer.name });
      });

      it('can be removed without ever being started', async () => {
        const config = bench.config('echo started');
        const { pid, pidStartTicks } = await containerizer.create(config);
        await containerizer.remove(config.id);
        expect(isAlive({ pid, startTicks: pidStartTicks })).toBe(false);
        expect(outputOf(config)).toBe('');
      });
    });

    describe('a container that cannot be created', () => {
      const refusal = (config: ContainerConfig) => containerizer.create(config).catch((error: unknown) => error);

      it('says which executable is missing', async () => {
        const error = await refusal(bench.config('', { args: ['no-such-program'] }));
        expect(error).toBeInstanceOf(ContainerLaunchError);
        expect(error).toHaveProperty('message', expect.stringContaining('`no-such-program` not found in $PATH'));
      });

      it('says which path cannot be run', async () => {
        const error = await refusal(bench.config('', { args: ['./missing'] }));
        expect(error).toHaveProperty('message', 'open `./missing`: No such file or directory');
      });

      it('says which user is unknown', async () => {
        const error = await refusal(bench.config('true', { user: 'nobody-at-all' }));
        expect(error).toHaveProperty('message', 'no such user on this host: nobody-at-all');
      });

      it('does not write through a symbolic link in the sandbox', async () => {
        const config = bench.config('true');
        const target = join(bench.folder, 'elsewhere');
        symlinkSync(target, join(config.sandbox, 'stdout'));
        expect(await refusal(config)).toHaveProperty('message', expect.stringContaining('ELOOP'));
        expect(existsSync(target)).toBe(false);
      });

      it('leaves nothing behind: the same id can be used once the cause is gone', async () => {
        const config = bench.config('true', { user: 'nobody-at-all' });
        await refusal(config);
        const termination = await runContainer(containerizer, { ...config, user: userInfo().username });
        expect(termination.waitStatus).toBe(0);
      });

      it('is refused when its id is in use, and the first one is left alone', async () => {
        const config = bench.config('sleep 60');
        await containerizer.create(config);
        await containerizer.start(config.id);
        expect(await refusal(config)).toHaveProperty('message', `container ${config.id} exists already`);
        await containerizer.kill(config.id, 'SIGKILL');
        expect((await containerizer.termination(config.id)).waitStatus).toBe(9);
      });
    });

    it('refuses a second creation of an id while the first is under way, and goes on with the first', async () => {
      const config = bench.config('exit 4');
      const [first, second] = await Promise.allSettled([containerizer.create(config), containerizer.create(config)]);
      expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
      await containerizer.start(config.id);
      expect((await containerizer.termination(config.id)).waitStatus).toBe(4 * 256);
    });

    it('says that a container ended before it was started', async () => {
      const config = bench.config('true');
      await containerizer.create(config);
      await containerizer.kill(config.id, 'SIGKILL');
      await containerizer.termination(config.id);
      await expect(containerizer.start(config.id)).rejects.toThrow('the container ended before it was started');
    });

    describe('kill', () => {
      it('ends a program that does nothing about SIGTERM, even if it was started just now', async () => {
        const config = bench.config('', { args: ['sleep', '60'] });
        await containerizer.create(config);
        await containerizer.start(config.id);
        await containerizer.kill(config.id, 'SIGTERM');
        expect((await containerizer.termination(config.id)).waitStatus).toBe(15);
      });

      it('lets a program handle SIGTERM', async () => {
        const config = bench.config('trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.05; done');
        await containerizer.create(config);
        await containerizer.start(config.id);
        await until(() => outputOf(config));
        await containerizer.kill(config.id, 'SIGTERM');
        expect((await containerizer.termination(config.id)).waitStatus).toBe(7 * 256);
        expect(outputOf(config)).toBe('ready\nbye\n');
      });

      it('reaches children with SIGTERM as well', async () => {
        const config = bench.config(`trap : TERM
          (trap "echo child; exit" TERM; echo ready; while :; do sleep 0.05; done) & wait; wait`);
        await containerizer.create(config);
        await containerizer.start(config.id);
        await until(() => outputOf(config));
        await containerizer.kill(config.id, 'SIGTERM');
        await containerizer.termination(config.id);
        expect(outputOf(config)).toBe('ready\nchild\n');
      });

      it('ends with SIGKILL what ignores SIGTERM', async () => {
        const config = bench.config('trap "" TERM; echo ready; while :; do sleep 0.05; done');
        await containerizer.create(config);
        await containerizer.start(config.id);
        await until(() => outputOf(config));
        await containerizer.kill(config.id, 'SIGTERM');
        await containerizer.kill(config.id, 'SIGKILL');
        expect((await containerizer.termination(config.id)).waitStatus).toBe(9);
      });

      it('leaves a container alone that has ended', async () => {
        const { config } = await run('true');
        await expect(containerizer.kill(config.id, 'SIGKILL')).resolves.toBeUndefined();
      });
    });

    it('ends orphans when the first process ends', async () => {
      const mark = randomUUID();
      await run(`sh -c 'sleep 300; exit' ${mark} & while ! grep -q ${mark} /proc/$!/cmdline; do :; done`);
      expect(await until(() => !commandLines().some((line) => line.includes(mark)))).toBe(true);
    });

    it('ends processes that made a session of their own', async (context) => {
      if (!traits.holdsEscapees) return context.skip('without cgroups a process that left its session is not found');
      const mark = randomUUID();
      await run(`setsid sh -c 'echo up; sleep 300; exit' ${mark} & while [ ! -s stdout ]; do sleep 0.01; done`);
      expect(await until(() => !commandLines().some((line) => line.includes(mark)))).toBe(true);
    });

    it('reports what a running container uses', async () => {
      const config = bench.config('echo ready; sleep 60');
      await containerizer.create(config);
      await containerizer.start(config.id);
      await until(() => outputOf(config));
      const usage = await containerizer.usage(config.id);
      expect(usage).toMatchObject({ cpusSoftLimit: 0.1, memLimitBytes: 64 * MEBIBYTE });
      expect(usage.memTotalBytes ?? usage.memRssBytes).toBeGreaterThan(0);
      await containerizer.remove(config.id);
    });

    describe('a command in a running container', () => {
      let config: ContainerConfig;
      beforeAll(async () => {
        config = bench.config('echo ready; sleep 60', {
          env: [
            ['PATH', '/usr/bin:/bin'],
            ['OF', 'container'],
          ],
        });
        await containerizer.create(config);
        await containerizer.start(config.id);
        await until(() => outputOf(config));
      });
      afterAll(() => containerizer.remove(config.id));
      const inside = (script: string, more: Partial<InsideCommand> = {}): Promise<InsideEnd> =>
        containerizer.runInside(config.id, { args: ['sh', '-c', script], env: [], timeoutMs: 20_000, ...more });

      it('has its environment, its sandbox and what is added', async () => {
        const end = await inside('pwd; echo $OF $ADDED; exit 7', { env: [['ADDED', 'by me']] });
        expect(end).toEqual({ exitCode: 7, hasTimedOut: false, output: `${config.sandbox}\ncontainer by me` });
      });

      it('is killed when its time is over, the container is not', async () => {
        const end = await inside('sleep 60', { timeoutMs: 50 });
        expect(end).not.toHaveProperty('exitCode');
        expect(end.hasTimedOut).toBe(true);
        expect(await inside('true')).toMatchObject({ exitCode: 0 });
      });

      it('fails when its program is missing, and when there is no such container', async () => {
        expect((await inside('', { args: ['/no/such/program'] })).exitCode).not.toBe(0);
        await expect(containerizer.runInside('unknown', { args: ['true'], env: [], timeoutMs: 1 })).rejects.toThrow(
          'unknown',
        );
      });
    });

    it('shows changed limits', async () => {
      const config = bench.config('sleep 60');
      await containerizer.create(config);
      await containerizer.start(config.id);
      await containerizer.update(config.id, { cpusMilli: 500, memBytes: 128 * MEBIBYTE });
      const usage = await containerizer.usage(config.id);
      expect(usage).toMatchObject({ cpusSoftLimit: 0.5, memSoftLimitBytes: 128 * MEBIBYTE });
      await containerizer.remove(config.id);
    });

    describe('remove', () => {
      it('ends a container that still runs', async () => {
        const config = bench.config('sleep 60');
        const { pid, pidStartTicks } = await containerizer.create(config);
        await containerizer.start(config.id);
        await containerizer.remove(config.id);
        expect(isAlive({ pid, startTicks: pidStartTicks })).toBe(false);
      });

      it('can be repeated, also at the same time', async () => {
        const { config } = await run('true');
        await Promise.all([containerizer.remove(config.id), containerizer.remove(config.id)]);
        await expect(containerizer.remove(config.id)).resolves.toBeUndefined();
      });

      it('keeps the sandbox', async () => {
        const { config } = await run('echo kept');
        await containerizer.remove(config.id);
        expect(outputOf(config)).toBe('kept\n');
      });

      it('forgets the container', async () => {
        const { config } = await run('true');
        await containerizer.remove(config.id);
        await expect(containerizer.usage(config.id)).rejects.toHaveProperty('code', 'containerizer/unknown-container');
      });
    });

    it('runs 20 containers at once', async () => {
      const configs = Array.from({ length: 20 }, (_, index) => bench.config(`echo ${index}; exit ${index}`));
      const terminations = await Promise.all(configs.map((config) => runContainer(containerizer, config)));
      expect(terminations.map(({ waitStatus }) => waitStatus)).toEqual(configs.map((_, index) => index * 256));
      expect(configs.map(outputOf)).toEqual(configs.map((_, index) => `${index}\n`));
      await Promise.all(configs.map(({ id }) => containerizer.remove(id)));
    });

    describeRecovery(traits);
  });
}

/** What must hold when an agent was killed and comes back: each test has an agent process of its own. */
function describeRecovery(traits: ContainerizerTraits): void {
  describe('after a SIGKILL of the agent', () => {
    let bench: ContainerizerBench;

    beforeAll(() => {
      bench = new ContainerizerBench(traits);
    });

    afterAll(() => bench.end());

    it('finds a running container again, with the same pid, and learns how it ends', async () => {
      const config = bench.config('echo ready; while [ ! -e go ]; do sleep 0.02; done; exit 5');
      const [checkpoint] = await launchAndDie(bench, [config]);
      const next = await createContainerizer(bench.options);
      const found = await next.recover([checkpoint as ContainerCheckpoint]);
      expect(found).toEqual([{ id: config.id, state: 'running', pid: checkpoint?.pid }]);
      writeFileSync(join(config.sandbox, 'go'), '');
      expect((await next.termination(config.id)).waitStatus).toBe(5 * 256);
      await next.close?.();
    });

    it('tells of a container that was never started', async () => {
      const config = bench.config('echo ready');
      const [known] = await launchAndDie(bench, [config], { starts: false });
      const next = await createContainerizer(bench.options);
      expect(await next.recover([known as ContainerCheckpoint])).toEqual([
        { id: config.id, state: 'running', pid: known?.pid, isBlocked: true },
      ]);
      await next.remove(config.id);
      await next.close?.();
    });

    it('can still kill, measure and change what it finds', async () => {
      const config = bench.config('echo ready; while :; do sleep 0.02; done');
      const known = await launchAndDie(bench, [config]);
      const next = await createContainerizer(bench.options);
      await next.recover(known);
      await next.update(config.id, { cpusMilli: 200, memBytes: 80 * MEBIBYTE });
      expect(await next.usage(config.id)).toMatchObject({ cpusSoftLimit: 0.2, memSoftLimitBytes: 80 * MEBIBYTE });
      await next.kill(config.id, 'SIGTERM');
      expect((await next.termination(config.id)).waitStatus).toBe(15);
      await next.close?.();
    });

    it('learns the exit status of a container that ended meanwhile', async () => {
      const config = bench.config('echo ready; while [ ! -e go ]; do sleep 0.02; done; exit 6');
      const [checkpoint] = await launchAndDie(bench, [config]);
      writeFileSync(join(config.sandbox, 'go'), '');
      await until(() => !isAlive({ pid: checkpoint?.pid ?? 0, startTicks: checkpoint?.pidStartTicks ?? '' }));
      const next = await createContainerizer(bench.options);
      const [found] = await next.recover([checkpoint as ContainerCheckpoint]);
      expect(found).toMatchObject({ id: config.id, state: 'ended', termination: { waitStatus: 6 * 256 } });
      await next.close?.();
    });

    it('ends and removes containers that it is not asked for', async () => {
      const configs = [bench.config('echo ready; sleep 60'), bench.config('echo ready; sleep 60')];
      const [first, second] = await launchAndDie(bench, configs);
      const next = await createContainerizer(bench.options);
      const found = await next.recover([first as ContainerCheckpoint]);
      expect(found).toMatchObject([{ state: 'running' }]);
      expect(isAlive({ pid: second?.pid ?? 0, startTicks: second?.pidStartTicks ?? '' })).toBe(false);
      await next.remove(configs[0]?.id ?? '');
      await next.close?.();
    });

    it('knows nothing of a container that left no trace', async () => {
      const next = await createContainerizer(bench.options);
      const [checkpoint] = await launchAndDie(bench, [bench.config('echo ready; sleep 60')]);
      const strangers = { ...(checkpoint as ContainerCheckpoint), id: randomUUID() };
      expect(await next.recover([strangers])).toEqual([{ id: strangers.id, state: 'lost' }]);
      await next.close?.();
    });

    it('takes a checkpoint from before a boot for lost, whatever has its pid now', async () => {
      const config = bench.config('echo ready; sleep 60');
      const [checkpoint] = await launchAndDie(bench, [config]);
      const next = await createContainerizer(bench.options);
      const old = { ...(checkpoint as ContainerCheckpoint), bootId: 'another-boot' };
      expect(await next.recover([old])).toEqual([{ id: config.id, state: 'lost' }]);
      await next.close?.();
    });
  });
}

/**
 * Runs an agent process of its own that starts containers, and kills it with SIGKILL once each has written something.
 *
 * @returns the checkpoints that it had made
 */
async function launchAndDie(
  bench: ContainerizerBench,
  configs: ContainerConfig[],
  { starts } = { starts: true },
): Promise<ContainerCheckpoint[]> {
  const { now: _, ...options } = bench.options;
  const script = fileURLToPath(new URL('./containerizer.conformance-agent.ts', import.meta.url));
  const hooks = `data:text/javascript,${encodeURIComponent(SOURCE_HOOKS)}`;
  const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--import', hooks];
  const agent = spawn(process.execPath, [...flags, script, JSON.stringify({ options, configs, starts })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of agent.stdout) {
    text += String(chunk);
    if (text.endsWith('\n')) break;
  }
  if (starts) for (const config of configs) await until(() => outputOf(config));
  agent.kill('SIGKILL');
  return JSON.parse(text) as ContainerCheckpoint[];
}

/** Lets Node run these sources as they are: types stripped, and imports of `x.js` led to `x.ts`, but in what is built. */
const SOURCE_HOOKS = `import { registerHooks } from 'node:module';
registerHooks({ resolve(name, context, next) {
  const isSource = context.parentURL?.endsWith('.ts') === true;
  return next(isSource && name.startsWith('.') ? name.replace(/\\.js$/, '.ts') : name, context);
} });`;

/** Command lines of all processes of the machine, arguments ended by NUL. */
function commandLines(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readCgroupFile(`/proc/${pid}/cmdline`) ?? '');
}
