import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerConfig } from '../container.js';
import type { InsideCommand, InsideEnd } from '../inside/inside-command.js';
import { until } from '../until.js';
import { MEBIBYTE, outputOf } from './bench.js';
import type { Subject } from './subject.js';

/** What can be done with a container while it runs: measured, changed, entered. */
export function describeRunning(subject: Subject): void {
  it('reports what a running container uses', async () => {
    const config = subject.bench.config('echo ready; sleep 60');
    await subject.containerizer.create(config);
    await subject.containerizer.start(config.id);
    await until(() => outputOf(config));
    const usage = await subject.containerizer.usage(config.id);
    expect(usage).toMatchObject({ cpusSoftLimit: 0.1, memLimitBytes: 64 * MEBIBYTE });
    expect(usage.memTotalBytes ?? usage.memRssBytes).toBeGreaterThan(0);
    await subject.containerizer.remove(config.id);
  });

  it('shows changed limits', async () => {
    const config = subject.bench.config('sleep 60');
    await subject.containerizer.create(config);
    await subject.containerizer.start(config.id);
    await subject.containerizer.update(config.id, { cpusMilli: 500, memBytes: 128 * MEBIBYTE });
    const usage = await subject.containerizer.usage(config.id);
    expect(usage).toMatchObject({ cpusSoftLimit: 0.5, memSoftLimitBytes: 128 * MEBIBYTE });
    await subject.containerizer.remove(config.id);
  });

  describe('a command in a running container', () => {
    let config: ContainerConfig;
    beforeAll(async () => {
      config = subject.bench.config('echo ready; sleep 60', {
        env: [
          ['PATH', '/usr/bin:/bin'],
          ['OF', 'container'],
        ],
      });
      await subject.containerizer.create(config);
      await subject.containerizer.start(config.id);
      await until(() => outputOf(config));
    });
    afterAll(() => subject.containerizer.remove(config.id));
    const inside = (script: string, more: Partial<InsideCommand> = {}): Promise<InsideEnd> =>
      subject.containerizer.runInside(config.id, { args: ['sh', '-c', script], env: [], timeoutMs: 20_000, ...more });

    it('has its environment, its sandbox and what is added', async () => {
      const end = await inside('pwd; echo $OF $ADDED; exit 7', { env: [['ADDED', 'by me']] });
      expect(end).toEqual({ exitCode: 7, hasTimedOut: false, output: `${config.sandbox}\ncontainer by me` });
    });

    it('runs as the user that it asks for, and says which is unknown', async (context) => {
      const { otherUser } = subject.traits;
      if (otherUser === undefined) return context.skip('the agent is not root, so it cannot switch users');
      const ids = 'id -u; id -g; echo $OF';
      const end = await inside(ids, { user: otherUser.name });
      expect(end.output).toBe(`${otherUser.uid}\n${otherUser.gid}\ncontainer`);
      expect((await inside(ids, { user: userInfo().username })).output).toBe(
        `${process.getuid?.()}\n${process.getgid?.()}\ncontainer`,
      );
      expect((await inside(ids, { user: 'nobody-at-all' })).output).toBe('no such user on this host: nobody-at-all');
    });

    it('is killed when its time is over, the container is not', async () => {
      const end = await inside('sleep 60', { timeoutMs: 50 });
      expect(end).not.toHaveProperty('exitCode');
      expect(end.hasTimedOut).toBe(true);
      expect(await inside('true')).toMatchObject({ exitCode: 0 });
    });

    it('fails when its program is missing, and when there is no such container', async () => {
      expect((await inside('', { args: ['/no/such/program'] })).exitCode).not.toBe(0);
      await expect(
        subject.containerizer.runInside('unknown', { args: ['true'], env: [], timeoutMs: 1 }),
      ).rejects.toThrow('unknown');
    });
  });
}
