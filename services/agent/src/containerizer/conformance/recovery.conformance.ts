import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inheritCpuset, processesBelow, removeCgroup } from '../cgroups/cgroup-folder.js';
import { detectCgroups } from '../cgroups/cgroup-layout.js';
import { signalQuietly } from '../cgroups/cgroup-tree.js';
import type { ContainerConfig } from '../container.js';
import type { ContainerCheckpoint } from '../containerizer.js';
import { createContainerizer } from '../containerizers.js';
import { joined } from '../inside/joined.js';
import { isAlive } from '../processes/process-identity.js';
import { workersIn } from '../processes/workplace.js';
import { until } from '../until.js';
import { ContainerizerBench, type ContainerizerTraits, MEBIBYTE, outputOf } from './bench.js';

/** What must hold when an agent was killed and comes back: each test has an agent process of its own. */
export function describeRecovery(traits: ContainerizerTraits): void {
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

    // Plain processes have no cgroups to be kept out of the agent's (ADR 268).
    it.skipIf(traits.containerizer === 'process')(
      'learns it although all that was in the cgroup of the agent was killed with it, as kubelet ends a pod',
      async () => {
        const config = bench.config('echo ready; while [ ! -e go ]; do sleep 0.02; done; exit 7');
        const pod = new Pod();
        const [checkpoint] = await launchAndDie(bench, [config], { starts: true, pod });
        await pod.end();
        writeFileSync(join(config.sandbox, 'go'), '');
        await until(() => !isAlive({ pid: checkpoint?.pid ?? 0, startTicks: checkpoint?.pidStartTicks ?? '' }));
        const next = await createContainerizer(bench.options);
        const [found] = await next.recover([checkpoint as ContainerCheckpoint]);
        expect(found).toMatchObject({ id: config.id, state: 'ended', termination: { waitStatus: 7 * 256 } });
        await next.close?.();
      },
    );

    it('waits for the exit status of a container whose supervisor has yet to write it down', async () => {
      const config = bench.config('echo ready; while [ ! -e go ]; do sleep 0.02; done; exit 6');
      const [checkpoint] = await launchAndDie(bench, [config]);
      const supervisors = workersIn(join(bench.options.runtimeDir, 'containers', config.id)) ?? [];
      for (const pid of supervisors) process.kill(pid, 'SIGSTOP');
      writeFileSync(join(config.sandbox, 'go'), '');
      await until(() => !isAlive({ pid: checkpoint?.pid ?? 0, startTicks: checkpoint?.pidStartTicks ?? '' }));
      const next = await createContainerizer(bench.options);
      const found = next.recover([checkpoint as ContainerCheckpoint]);
      // Longer than one would be waited for whose supervisor nobody knows of.
      await delay(6_000);
      for (const pid of supervisors) process.kill(pid, 'SIGCONT');
      expect(await found).toMatchObject([{ state: 'ended', termination: { waitStatus: 6 * 256 } }]);
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

/** A cgroup in every hierarchy, as the agent of a pod or of a unit of systemd is in. */
class Pod {
  private readonly folders: readonly string[];

  constructor() {
    const { hierarchies, unified } = detectCgroups(readFileSync('/proc/self/mountinfo', 'utf8'));
    const mounts = [...hierarchies, ...(unified === undefined ? [] : [unified])];
    const name = `tranche-test-pod-${randomUUID()}`;
    this.folders = mounts.map((mount) => join(mount, name));
    for (const [index, folder] of this.folders.entries()) {
      mkdirSync(folder);
      inheritCpuset(mounts[index] ?? '', name);
    }
  }

  get procsFiles(): string[] {
    return this.folders.map((folder) => join(folder, 'cgroup.procs'));
  }

  /** Kills whatever is in it in any hierarchy. */
  async end(): Promise<void> {
    for (const folder of this.folders) {
      for (const pid of processesBelow(folder)) signalQuietly(pid, 'SIGKILL');
      await removeCgroup(folder);
    }
  }
}

/**
 * Runs an agent process of its own that starts containers, and kills it with SIGKILL once each has written something.
 *
 * @returns the checkpoints that it had made
 */
async function launchAndDie(
  bench: ContainerizerBench,
  configs: ContainerConfig[],
  { starts, pod }: { readonly starts: boolean; readonly pod?: Pod } = { starts: true },
): Promise<ContainerCheckpoint[]> {
  const { now: _, ...options } = bench.options;
  const script = fileURLToPath(new URL('./recovery.conformance-agent.ts', import.meta.url));
  const hooks = `data:text/javascript,${encodeURIComponent(SOURCE_HOOKS)}`;
  const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--import', hooks];
  const command = [process.execPath, ...flags, script, JSON.stringify({ options, configs, starts })] as const;
  const [program, ...args] = pod === undefined ? command : joined(pod.procsFiles, command);
  const agent = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
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
