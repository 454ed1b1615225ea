import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerConfig } from './container.js';
import { ContainerizerBench, outputOf } from './conformance/bench.js';
import type { ContainerCheckpoint, Containerizer } from './containerizer.js';
import { readProcesses } from './processes/process-tree.js';
import { NoTerminalError } from './terminal/container-input.js';
import { until } from './until.js';

/** Containers with a terminal, and commands inside that are held apart, with each containerizer that this machine has. */
describe.each(['oci', 'bare', 'process'] as const)('with the containerizer %s', (kind) => {
  let bench: ContainerizerBench;
  let containerizer: Containerizer;

  beforeAll(async () => {
    bench = new ContainerizerBench({ containerizer: kind });
    containerizer = await bench.open();
  });
  afterAll(() => bench.end());

  const begin = async (
    command: string,
    changes: Partial<ContainerConfig> = {},
  ): Promise<{ config: ContainerConfig; checkpoint: ContainerCheckpoint }> => {
    const config = bench.config(command, changes);
    const checkpoint = await containerizer.create(config);
    await containerizer.start(config.id);
    return { config, checkpoint };
  };
  const shows = (config: ContainerConfig, text: string) => until(() => outputOf(config).includes(text));

  describe('a container on a terminal', () => {
    it('has one, of the size that was asked for, and shows it in its output', async () => {
      const terminal = { window: { rows: 11, columns: 22 } };
      const { config } = await begin('test -t 0 && test -t 1 && test -t 2 && stty size; exit 5', { terminal });
      expect((await containerizer.termination(config.id)).waitStatus).toBe(5 * 256);
      expect(outputOf(config)).toBe('11 22\r\n');
      expect(readFileSync(join(config.sandbox, 'stderr'), 'utf8')).toBe('');
      await containerizer.remove(config.id);
    });

    it('is typed into and resized, one after the other and by the next agent too', async () => {
      const { config, checkpoint } = await begin('cat', { terminal: {} });
      const first = await containerizer.openInput(config.id);
      await first.write(Buffer.from('one\r'));
      await shows(config, 'one\r\none\r\n');
      first.close();
      containerizer = await bench.open([checkpoint]);
      const second = await containerizer.openInput(config.id);
      await second.write(Buffer.from('two\r'));
      await shows(config, 'two\r\ntwo\r\n');
      await second.write(Buffer.from('\x04'));
      expect((await containerizer.termination(config.id)).waitStatus).toBe(0);
      second.close();
      await containerizer.remove(config.id);
    });

    it('tells its programs of a new size', async () => {
      const { config } = await begin("trap 'stty size; exit' WINCH; echo up; while :; do sleep 0.05; done", {
        terminal: {},
      });
      await shows(config, 'up');
      const input = await containerizer.openInput(config.id);
      await input.resize({ rows: 33, columns: 44 });
      await containerizer.termination(config.id);
      expect(outputOf(config)).toBe('up\r\n33 44\r\n');
      input.close();
      await containerizer.remove(config.id);
    });

    it('ends at SIGTERM by its own choice', async () => {
      const { config } = await begin("trap 'echo bye; exit 6' TERM; echo up; while :; do sleep 0.05; done", {
        terminal: {},
      });
      await shows(config, 'up');
      await containerizer.kill(config.id, 'SIGTERM');
      expect((await containerizer.termination(config.id)).waitStatus).toBe(6 * 256);
      expect(outputOf(config)).toContain('bye');
      await containerizer.remove(config.id);
    });

    it('takes any signal', async () => {
      const { config } = await begin("trap 'echo one' USR1; echo up; while :; do sleep 0.05; done");
      await shows(config, 'up');
      await containerizer.kill(config.id, 'SIGUSR1');
      await shows(config, 'one');
      await containerizer.remove(config.id);
    });

    it('is the only kind that has an input', async () => {
      const { config } = await begin('cat; sleep 60');
      await expect(containerizer.openInput(config.id)).rejects.toThrow(NoTerminalError);
      await containerizer.remove(config.id);
      await expect(containerizer.openInput(config.id)).rejects.toThrow(/unknown container/);
    });
  });

  describe('a command inside that is held apart', () => {
    const inside = (id: string, command: string, signal?: AbortSignal) =>
      containerizer.runInside(id, {
        ...{ args: ['sh', '-c', command], env: [], timeoutMs: Infinity, group: { id: randomUUID(), name: 'side' } },
        take: ({ stdout, stderr }) => {
          stdout.resume();
          stderr.resume();
        },
        ...(signal && { signal }),
      });
    const isRunning = (marker: string): boolean =>
      readProcesses().some(({ pid }) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker);
        } catch {
          return false;
        }
      });

    it('takes along what it has left in the background', async () => {
      const { config } = await begin('exec sleep 600');
      const marker = `600.${process.pid}1`;
      const end = await inside(config.id, `nohup sleep ${marker} > /dev/null 2>&1 & sleep 0.1; exit 4`);
      expect(end.exitCode).toBe(4);
      await until(() => !isRunning(marker));
      await containerizer.remove(config.id);
    });

    it('is ended by the next agent when its own has died', async () => {
      const { config, checkpoint } = await begin('exec sleep 600');
      const marker = `600.${process.pid}2`;
      const gone = inside(config.id, `nohup sleep ${marker} > /dev/null 2>&1 & sleep 600`);
      await until(() => isRunning(marker));
      containerizer = await bench.open([checkpoint]);
      await until(() => !isRunning(marker));
      await gone;
      expect(existsSync(`/proc/${checkpoint.pid}`)).toBe(true);
      await containerizer.remove(config.id);
    });
  });
});
