import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerConfig } from './container.js';
import { ContainerizerBench, outputOf } from './conformance/bench.js';
import type { ContainerCheckpoint, Containerizer } from './containerizer.js';
import { until } from './until.js';

const MEBIBYTE = 1024 * 1024;

/** Containers within another, with each containerizer that this machine has. */
describe.each(['oci', 'bare', 'process'] as const)('nested containers of the containerizer %s', (kind) => {
  let bench: ContainerizerBench;
  let containerizer: Containerizer;
  let parent: { readonly config: ContainerConfig; readonly checkpoint: ContainerCheckpoint };

  beforeAll(async () => {
    bench = new ContainerizerBench({ containerizer: kind });
    containerizer = await bench.open();
    parent = await begin(bench.config('exec sleep 600', { limits: { cpusMilli: 500, memBytes: 96 * MEBIBYTE } }));
  });

  afterAll(() => bench.end());

  const begin = async (config: ContainerConfig) => {
    const checkpoint = await containerizer.create(config);
    await containerizer.start(config.id);
    return { config, checkpoint };
  };

  const nested = (command: string, changes: Partial<ContainerConfig> = {}): ContainerConfig => {
    const id = randomUUID();
    const sandbox = join(parent.config.sandbox, 'containers', id);
    mkdirSync(sandbox, { recursive: true });
    const nesting = { parentId: parent.config.id, sharesLimits: true };
    return { ...bench.config(command), id, sandbox, nesting, ...changes };
  };

  const cgroupOf = (pid: number): string => readFileSync(`/proc/${pid}/cgroup`, 'utf8');

  it('run, end with their own exit status, and leave the parent as it is', async () => {
    const { config } = await begin(nested('echo inside; exit 7'));
    expect((await containerizer.termination(config.id)).waitStatus).toBe(7 * 256);
    expect(outputOf(config)).toBe('inside\n');
    await containerizer.remove(config.id);
    expect(existsSync(`/proc/${parent.checkpoint.pid}`)).toBe(true);
  });

  it('share the network, IPC and host name of the parent', async () => {
    const { config, checkpoint } = await begin(nested('exec sleep 600'));
    for (const namespace of ['net', 'ipc', 'uts']) {
      const of = (pid: number) => readlinkSync(`/proc/${pid}/ns/${namespace}`);
      expect(of(checkpoint.pid)).toBe(of(parent.checkpoint.pid));
    }
    await containerizer.remove(config.id);
  });

  it('are refused when the parent is not there', async () => {
    const config = nested('exit 0', { nesting: { parentId: randomUUID(), sharesLimits: true } });
    await expect(containerizer.create(config)).rejects.toThrow(/parent container .* does not run/);
  });

  it('are found again with their exit status after a restart of the agent', async () => {
    const running = await begin(nested('exec sleep 600'));
    const ending = await begin(nested('exit 42'));
    await until(() => !existsSync(`/proc/${ending.checkpoint.pid}`));
    const known = [parent.checkpoint, running.checkpoint, ending.checkpoint];
    containerizer = await bench.open(known);
    expect((await containerizer.termination(ending.config.id)).waitStatus).toBe(42 * 256);
    await containerizer.kill(running.config.id, 'SIGKILL');
    expect((await containerizer.termination(running.config.id)).waitStatus).toBe(9);
    for (const { config } of [running, ending]) await containerizer.remove(config.id);
    expect(existsSync(`/proc/${parent.checkpoint.pid}`)).toBe(true);
  });

  it.skipIf(kind === 'process')(
    'have their cgroups below the parent’s (plain processes have no cgroups and no mounts)',
    async () => {
      const { config, checkpoint } = await begin(nested('exec sleep 600'));
      expect(cgroupOf(checkpoint.pid)).toContain(`/${parent.config.id}/mesos/${config.id}`);
      await containerizer.remove(config.id);
    },
  );

  it.skipIf(kind === 'process')(
    'may have limits of their own within the parent’s (plain processes have no cgroups and no mounts)',
    async () => {
      const nesting = { parentId: parent.config.id, sharesLimits: false };
      const limits = { cpusMilli: 100, memBytes: 32 * MEBIBYTE };
      const { config } = await begin(nested('head -c 80m /dev/zero | tail > /dev/null', { nesting, limits }));
      const { limitation } = await containerizer.termination(config.id);
      expect(limitation).toMatchObject({ resource: 'mem', limitBytes: 32 * MEBIBYTE });
      await containerizer.remove(config.id);
      expect(existsSync(`/proc/${parent.checkpoint.pid}`)).toBe(true);
    },
  );

  it.skipIf(kind !== 'oci')(
    'see the processes of the parent only when they share its pids (only OCI containers share pids or not)',
    async () => {
      const count = 'ls -d /proc/[0-9]* | wc -l';
      const apart = await begin(nested(count));
      await containerizer.termination(apart.config.id);
      expect(Number(outputOf(apart.config))).toBeLessThan(6);
      const nesting = { parentId: parent.config.id, sharesLimits: true, sharesPids: true };
      const together = await begin(nested('cat /proc/*/cmdline | tr "\\0" " "', { nesting }));
      await containerizer.termination(together.config.id);
      expect(outputOf(together.config)).toContain('sleep 600');
      for (const { config } of [apart, together]) await containerizer.remove(config.id);
    },
  );

  it('see folders of the parent’s sandbox in their own', async () => {
    const source = join(parent.config.sandbox, 'shared');
    const volumes = [{ kind: 'sandbox', source, containerPath: 'data', readOnly: false }] as const;
    const writer = await begin(nested('echo from-one > data/file', { volumes }));
    expect((await containerizer.termination(writer.config.id)).waitStatus).toBe(0);
    const reader = await begin(nested('cat data/file', { volumes }));
    await containerizer.termination(reader.config.id);
    expect(outputOf(reader.config)).toBe('from-one\n');
    for (const { config } of [writer, reader]) await containerizer.remove(config.id);
  });

  it.skipIf(kind === 'process')(
    'cannot write to what is read-only for them (plain processes have no cgroups and no mounts)',
    async () => {
      const source = join(parent.config.sandbox, 'kept');
      const volumes = [{ kind: 'sandbox', source, containerPath: 'data', readOnly: true }] as const;
      const { config } = await begin(nested('touch data/a || echo refused', { volumes }));
      await containerizer.termination(config.id);
      expect(outputOf(config)).toBe('refused\n');
      await containerizer.remove(config.id);
    },
  );

  it.skipIf(kind === 'process')(
    'end with the parent for its limit, and say so (plain processes have no cgroups and no mounts)',
    async () => {
      const around = await begin(
        bench.config('exec sleep 600', { limits: { cpusMilli: 100, memBytes: 32 * MEBIBYTE } }),
      );
      const nesting = { parentId: around.config.id, sharesLimits: true };
      const { config } = await begin(nested('head -c 80m /dev/zero | tail > /dev/null', { nesting }));
      const inside = await containerizer.termination(config.id);
      expect(inside.limitation).toMatchObject({ resource: 'mem', limitBytes: 32 * MEBIBYTE });
      const outside = await containerizer.termination(around.config.id);
      expect(outside.limitation).toMatchObject({ resource: 'mem', limitBytes: 32 * MEBIBYTE });
      for (const id of [config.id, around.config.id]) await containerizer.remove(id);
    },
  );

  it('end with the parent when that is removed', async () => {
    const around = await begin(bench.config('exec sleep 600'));
    const nesting = { parentId: around.config.id, sharesLimits: true };
    const inside = await begin(nested('exec sleep 600', { nesting }));
    await containerizer.remove(around.config.id);
    // Killed, and then reaped by whoever is its parent.
    await until(() => !existsSync(`/proc/${inside.checkpoint.pid}`));
  });
});
