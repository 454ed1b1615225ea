import { describe, expect, it } from 'vitest';
import { isAlive } from '../processes/process-identity.js';
import { until } from '../until.js';
import { outputOf } from './bench.js';
import type { Subject } from './subject.js';

/** What signals do, and what is left of a container that is removed. */
export function describeKill(subject: Subject): void {
  describe('kill', () => {
    it('ends a program that does nothing about SIGTERM, even if it was started just now', async () => {
      const config = subject.bench.config('', { args: ['sleep', '60'] });
      await subject.containerizer.create(config);
      await subject.containerizer.start(config.id);
      await subject.containerizer.kill(config.id, 'SIGTERM');
      expect((await subject.containerizer.termination(config.id)).waitStatus).toBe(15);
    });

    it('lets a program handle SIGTERM', async () => {
      const config = subject.bench.config('trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.05; done');
      await subject.containerizer.create(config);
      await subject.containerizer.start(config.id);
      await until(() => outputOf(config));
      await subject.containerizer.kill(config.id, 'SIGTERM');
      expect((await subject.containerizer.termination(config.id)).waitStatus).toBe(7 * 256);
      expect(outputOf(config)).toBe('ready\nbye\n');
    });

    it('reaches children with SIGTERM as well', async () => {
      const config = subject.bench.config(`trap : TERM
        (trap "echo child; exit" TERM; echo ready; while :; do sleep 0.05; done) & wait; wait`);
      await subject.containerizer.create(config);
      await subject.containerizer.start(config.id);
      await until(() => outputOf(config));
      await subject.containerizer.kill(config.id, 'SIGTERM');
      await subject.containerizer.termination(config.id);
      expect(outputOf(config)).toBe('ready\nchild\n');
    });

    it('ends with SIGKILL what ignores SIGTERM', async () => {
      const config = subject.bench.config('trap "" TERM; echo ready; while :; do sleep 0.05; done');
      await subject.containerizer.create(config);
      await subject.containerizer.start(config.id);
      await until(() => outputOf(config));
      await subject.containerizer.kill(config.id, 'SIGTERM');
      await subject.containerizer.kill(config.id, 'SIGKILL');
      expect((await subject.containerizer.termination(config.id)).waitStatus).toBe(9);
    });

    it('leaves a container alone that has ended', async () => {
      const { config } = await subject.run('true');
      await expect(subject.containerizer.kill(config.id, 'SIGKILL')).resolves.toBeUndefined();
    });
  });

  describe('remove', () => {
    it('ends a container that still runs', async () => {
      const config = subject.bench.config('sleep 60');
      const { pid, pidStartTicks } = await subject.containerizer.create(config);
      await subject.containerizer.start(config.id);
      await subject.containerizer.remove(config.id);
      expect(isAlive({ pid, startTicks: pidStartTicks })).toBe(false);
    });

    it('can be repeated, also at the same time', async () => {
      const { config } = await subject.run('true');
      await Promise.all([subject.containerizer.remove(config.id), subject.containerizer.remove(config.id)]);
      await expect(subject.containerizer.remove(config.id)).resolves.toBeUndefined();
    });

    it('keeps the sandbox', async () => {
      const { config } = await subject.run('echo kept');
      await subject.containerizer.remove(config.id);
      expect(outputOf(config)).toBe('kept\n');
    });

    it('forgets the container', async () => {
      const { config } = await subject.run('true');
      await subject.containerizer.remove(config.id);
      await expect(subject.containerizer.usage(config.id)).rejects.toHaveProperty(
        'code',
        'containerizer/unknown-container',
      );
    });
  });
}
