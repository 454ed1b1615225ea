import { ChildProcess } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { startTar } from './tar-process.js';

describe('startTar', () => {
  it('says that there are no descriptors left, and lets the agent live', async () => {
    // As Node does at EMFILE: no streams, and the error a moment later.
    const tar = startTar('/nowhere', () => {
      const child = new ChildProcess();
      process.nextTick(() => child.emit('error', new Error('spawn tar EMFILE')));
      return child;
    });
    expect(tar.input).toBeUndefined();
    expect(await tar.ended).toEqual({ status: null, words: 'tar: spawn tar EMFILE' });
  });

  it('says what tar says', async () => {
    const tar = startTar('/');
    tar.input?.on('error', () => undefined).end();
    const { status, words } = await tar.ended;
    expect(status).toBe(2);
    expect(words).toContain('does not look like a tar archive');
  });
});
