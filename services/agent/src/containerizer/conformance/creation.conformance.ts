import { existsSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContainerConfig } from '../container.js';
import { ContainerLaunchError } from '../containerizer.js';
import { isAlive } from '../processes/process-identity.js';
import { outputOf, runContainer } from './bench.js';
import type { Subject } from './subject.js';

/** What is created and not started yet, and what cannot be created. */
export function describeCreation(subject: Subject): void {
  describe('a created container', () => {
    it('runs nothing before it is started', async () => {
      const config = subject.bench.config('echo started');
      const { pid, pidStartTicks } = await subject.containerizer.create(config);
      expect(isAlive({ pid, startTicks: pidStartTicks })).toBe(true);
      expect(outputOf(config)).toBe('');
      await subject.containerizer.start(config.id);
      await subject.containerizer.termination(config.id);
      expect(outputOf(config)).toBe('started\n');
    });

    it('is described by a checkpoint that JSON keeps as it is', async () => {
      const config = subject.bench.config('true', { limits: { cpusMilli: 100, memBytes: 1, memLimitBytes: Infinity } });
      const checkpoint = await subject.containerizer.create(config);
      expect(JSON.parse(JSON.stringify(checkpoint))).toEqual(checkpoint);
      expect(checkpoint).toMatchObject({ id: config.id, containerizer: subject.containerizer.name });
    });

    it('can be removed without ever being started', async () => {
      const config = subject.bench.config('echo started');
      const { pid, pidStartTicks } = await subject.containerizer.create(config);
      await subject.containerizer.remove(config.id);
      expect(isAlive({ pid, startTicks: pidStartTicks })).toBe(false);
      expect(outputOf(config)).toBe('');
    });
  });

  describe('a container that cannot be created', () => {
    const refusal = (config: ContainerConfig) => subject.containerizer.create(config).catch((error: unknown) => error);

    it('says which executable is missing', async () => {
      const error = await refusal(subject.bench.config('', { args: ['no-such-program'] }));
      expect(error).toBeInstanceOf(ContainerLaunchError);
      expect(error).toHaveProperty('message', expect.stringContaining('`no-such-program` not found in $PATH'));
    });

    it('says which path cannot be run', async () => {
      const error = await refusal(subject.bench.config('', { args: ['./missing'] }));
      expect(error).toHaveProperty('message', 'open `./missing`: No such file or directory');
    });

    it('says which user is unknown', async () => {
      const error = await refusal(subject.bench.config('true', { user: 'nobody-at-all' }));
      expect(error).toHaveProperty('message', 'no such user on this host: nobody-at-all');
    });

    it('does not write through a symbolic link in the sandbox', async () => {
      const config = subject.bench.config('true');
      const target = join(subject.bench.folder, 'elsewhere');
      symlinkSync(target, join(config.sandbox, 'stdout'));
      expect(await refusal(config)).toHaveProperty('message', expect.stringContaining('ELOOP'));
      expect(existsSync(target)).toBe(false);
    });

    it('leaves nothing behind: the same id can be used once the cause is gone', async () => {
      const config = subject.bench.config('true', { user: 'nobody-at-all' });
      await refusal(config);
      const termination = await runContainer(subject.containerizer, { ...config, user: userInfo().username });
      expect(termination.waitStatus).toBe(0);
    });

    it('is refused when its id is in use, and the first one is left alone', async () => {
      const config = subject.bench.config('sleep 60');
      await subject.containerizer.create(config);
      await subject.containerizer.start(config.id);
      expect(await refusal(config)).toHaveProperty('message', `container ${config.id} exists already`);
      await subject.containerizer.kill(config.id, 'SIGKILL');
      expect((await subject.containerizer.termination(config.id)).waitStatus).toBe(9);
    });
  });

  it('refuses a second creation of an id while the first is under way, and goes on with the first', async () => {
    const config = subject.bench.config('exit 4');
    const [first, second] = await Promise.allSettled([
      subject.containerizer.create(config),
      subject.containerizer.create(config),
    ]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    await subject.containerizer.start(config.id);
    expect((await subject.containerizer.termination(config.id)).waitStatus).toBe(4 * 256);
  });

  it('says that a container ended before it was started', async () => {
    const config = subject.bench.config('true');
    await subject.containerizer.create(config);
    await subject.containerizer.kill(config.id, 'SIGKILL');
    await subject.containerizer.termination(config.id);
    await expect(subject.containerizer.start(config.id)).rejects.toThrow('the container ended before it was started');
  });
}
