import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerConfig } from '../container.js';
import { ContainerizerBench, outputOf, runContainer } from '../conformance/bench.js';
import type { Containerizer } from '../containerizer.js';
import { until } from '../until.js';

const MEBIBYTE = 1024 * 1024;

/** Writes to memory as much as it is told, in mebibytes, and stays. */
const HOG = (mebibytes: number) => `head -c ${mebibytes}m /dev/zero | tail > /dev/null`;

describe('a container of the OCI containerizer', () => {
  let bench: ContainerizerBench;
  let containerizer: Containerizer;

  beforeAll(async () => {
    bench = new ContainerizerBench({ containerizer: 'oci' });
    containerizer = await bench.open();
  });

  afterAll(() => bench.end());

  const run = async (command: string, changes: Partial<ContainerConfig> = {}) => {
    const config = bench.config(command, changes);
    const termination = await runContainer(containerizer, config);
    return { config, termination, output: outputOf(config).trim() };
  };

  const launch = async (command: string, changes: Partial<ContainerConfig> = {}) => {
    const config = bench.config(`echo ready; ${command}`, changes);
    const checkpoint = await containerizer.create(config);
    await containerizer.start(config.id);
    await until(() => outputOf(config));
    return { config, checkpoint };
  };

  it('sees only its own processes, an init as the first of them', async () => {
    const { output } = await run('cat /proc/1/comm; ls -d /proc/[0-9]* | wc -l');
    expect(output.split('\n')[0]).toMatch(/^(tini|tini-static|catatonit)$/);
    expect(Number(output.split('\n')[1])).toBeLessThan(6);
  });

  it('sees the file system of the host under the same paths', async () => {
    const { config, output } = await run(`test -e ${bench.folder}/runtime && stat -c %i /etc/passwd`);
    expect(output).toBe(String(lstatSync('/etc/passwd').ino));
    expect(existsSync(config.sandbox)).toBe(true);
  });

  it('leaves no mount behind, neither its own nor those it was made with', async () => {
    const before = readFileSync('/proc/self/mountinfo', 'utf8');
    const { output } = await run('mount -t tmpfs none /mnt && touch /mnt/inside && ls /mnt');
    expect(output).toBe('inside');
    expect(existsSync('/mnt/inside')).toBe(false);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(before);
  });

  it('leaves the devices of the host as they are', async () => {
    const before = execFileSync('ls', ['-la', '--time-style=full-iso', '/dev']).toString();
    await run('true');
    const after = execFileSync('ls', ['-la', '--time-style=full-iso', '/dev']).toString();
    expect(after).toBe(before);
  });

  it('lets root do what root may do', async () => {
    const { output } = await run('grep CapEff /proc/self/status');
    expect(output).toBe(/CapEff.*/.exec(readFileSync('/proc/self/status', 'utf8'))?.[0]);
  });

  it('gives another user no capability', async () => {
    const { output } = await run('grep -h CapEff /proc/self/status', { user: 'daemon' });
    expect(output).toBe('CapEff:\t0000000000000000');
  });

  it('is ended for memory with limit, use and statistics when it takes more than 32 MiB', async () => {
    const limits = { cpusMilli: 1000, memBytes: 32 * MEBIBYTE };
    const { termination } = await run(HOG(200), { limits });
    expect(termination.limitation).toMatchObject({ resource: 'mem', limitBytes: 32 * MEBIBYTE });
    expect(termination.limitation?.usedBytes).toBeGreaterThan(31 * MEBIBYTE);
    expect(termination.limitation?.message).toMatch(
      /^Memory limit exceeded: Requested: 32MB Maximum Used: \d+(KB|MB)\n\nMEMORY STATISTICS: \ncache \d+\n/,
    );
  });

  it('is ended as a whole when only a child was killed for memory', async () => {
    const limits = { cpusMilli: 1000, memBytes: 32 * MEBIBYTE };
    const { termination } = await run(`(${HOG(200)}); echo survived; sleep 60`, { limits });
    expect(termination.waitStatus).toBe(9);
    expect(termination.limitation?.resource).toBe('mem');
  });

  it('may use more after its limit was raised', async () => {
    const limits = { cpusMilli: 1000, memBytes: 32 * MEBIBYTE };
    const config = bench.config(`while [ ! -e go ]; do sleep 0.02; done; ${HOG(60)}; echo fits`, { limits });
    await containerizer.create(config);
    await containerizer.update(config.id, { cpusMilli: 1000, memBytes: 128 * MEBIBYTE });
    await containerizer.start(config.id);
    mkdirSync(join(config.sandbox, 'go'));
    expect((await containerizer.termination(config.id)).waitStatus).toBe(0);
    expect(outputOf(config)).toBe('fits\n');
  });

  it('is throttled at its cpu limit', async () => {
    const { config } = await launch('while :; do :; done', {
      limits: { cpusMilli: 100, cpusLimitMilli: 100, memBytes: 64 * MEBIBYTE },
    });
    const throttled = await untilUsage(config.id, (usage) => (usage.cpusNrThrottled ?? 0) > 2);
    expect(throttled).toMatchObject({ cpusSoftLimit: 0.1, cpusLimit: 0.1 });
    await containerizer.remove(config.id);
  });

  it('gets along with a launch shell that was killed', async () => {
    const launchers = processesNamed(join(bench.options.runtimeDir, 'launcher.sh'));
    expect(launchers).toHaveLength(1);
    for (const pid of launchers) process.kill(pid, 'SIGKILL');
    await until(() => processesNamed(join(bench.options.runtimeDir, 'launcher.sh')).length === 0);
    const { termination } = await run('exit 0');
    expect(termination.waitStatus).toBe(0);
  });

  it('sees what was mounted on the host after the agent had started', async () => {
    const folder = join(bench.folder, 'mounted');
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', 'none', folder]);
    try {
      mkdirSync(join(folder, 'inside'));
      const { output } = await run(`ls ${folder}`);
      expect(output).toBe('inside');
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('is taken for ended without a status when its supervisor was killed with it', async () => {
    const { config, checkpoint } = await launch('sleep 60');
    const conmon = processesNamed(config.id).filter((pid) => pid !== checkpoint.pid);
    for (const pid of [...conmon, checkpoint.pid]) process.kill(pid, 'SIGKILL');
    const next = await bench.open([checkpoint]);
    const termination = await next.termination(config.id);
    expect(termination.waitStatus).toBeUndefined();
    await next.close?.();
  });

  async function untilUsage(id: string, isEnough: (usage: Awaited<ReturnType<Containerizer['usage']>>) => boolean) {
    for (;;) {
      const usage = await containerizer.usage(id);
      if (isEnough(usage)) return usage;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});

/** Pids of processes with a text in their command line. */
function processesNamed(text: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text) && pid !== process.pid;
    } catch {
      return false;
    }
  });
}
