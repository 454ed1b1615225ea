import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputOf, runContainer } from './bench.js';
import type { Subject } from './subject.js';

/** What a container gets to see, and what is seen of it: environment, folder, streams, user. */
export function describeGiven(subject: Subject): void {
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
      const { config } = await subject.run('', { args: ['env', '-0'], env });
      expect(outputOf(config)).toBe(env.map(([name, value]) => `${name}=${value}\0`).join(''));
    });

    it('is its sandbox as working directory', async () => {
      const { config } = await subject.run('pwd');
      expect(outputOf(config)).toBe(`${config.sandbox}\n`);
    });

    it('is stdout and stderr in the sandbox, each in its file', async () => {
      const { config } = await subject.run('echo out; echo err >&2');
      expect(outputOf(config)).toBe('out\n');
      expect(readFileSync(join(config.sandbox, 'stderr'), 'utf8')).toBe('err\n');
    });

    it('is an empty stdin', async () => {
      const { config, termination } = await subject.run('cat; echo end');
      expect(outputOf(config)).toBe('end\n');
      expect(termination.waitStatus).toBe(0);
    });

    it('is its arguments, word for word', async () => {
      const { config } = await subject.run('', { args: ['printf', '<%s>', `it's`, 'a b', '$HOME', ''] });
      expect(outputOf(config)).toBe(`<it's><a b><$HOME><>`);
    });

    it('is the user that it asks for', async (context) => {
      const { otherUser } = subject.traits;
      if (otherUser === undefined) return context.skip('the agent is not root, so it cannot switch users');
      const command = 'id -u; id -g; id -G >> /dev/stdout; touch mine';
      const config = subject.bench.config(command, { user: otherUser.name });
      chownSync(config.sandbox, otherUser.uid, otherUser.gid);
      await runContainer(subject.containerizer, config);
      expect(outputOf(config)).toBe(`${otherUser.uid}\n${otherUser.gid}\n${otherUser.gid}\n`);
      expect(existsSync(join(config.sandbox, 'mine'))).toBe(true);
    });

    it('is not held back by an earlier output: the files are appended to', async () => {
      const config = subject.bench.config('echo second');
      writeFileSync(join(config.sandbox, 'stdout'), 'first\n');
      await runContainer(subject.containerizer, config);
      expect(outputOf(config)).toBe('first\nsecond\n');
    });
  });
}
