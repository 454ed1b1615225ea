import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ownName, processIo, textOutput } from './process-io.js';

const slowReader = () => Object.assign(new PassThrough({ highWaterMark: 1 }), { isTTY: false, columns: 80 });
const listeners = (stream: PassThrough): number[] =>
  ['drain', 'close', 'error'].map((name) => stream.listenerCount(name));

describe('ownName', () => {
  it('is the number of a user whom the system knows no name of', () => {
    const unknown = (): never => {
      throw new Error('uv_os_get_passwd returned ENOENT');
    };
    expect(ownName(unknown)).toBe(String(process.getuid?.() ?? 'unknown'));
    expect(ownName(() => ({ username: 'ada' }))).toBe('ada');
  });
});

describe('textOutput', () => {
  it('is ready again when the reader has read, and leaves no listener behind', async () => {
    const stream = slowReader();
    const before = listeners(stream);
    const output = textOutput(stream);
    for (let i = 0; i < 20; i++) {
      expect(output.write('too much')).toBe(false);
      const drained = output.drained?.();
      stream.read();
      await drained;
    }
    expect(listeners(stream)).toEqual(before);
  });

  it('does not wait for a reader that has gone', async () => {
    const stream = slowReader();
    const output = textOutput(stream);
    output.write('too much');
    const drained = output.drained?.();
    stream.destroy();
    await expect(drained).resolves.toBeUndefined();
  });
});

describe('saveFile', () => {
  it('replaces a file when all is there, and leaves it alone when what comes breaks off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cli-'));
    const path = join(folder, 'file');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('broken off');
    }
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield Buffer.from([0, 255]);
      yield Buffer.from('rest');
    }
    try {
      await processIo().saveFile(path, whole());
      await expect(processIo().saveFile(path, broken())).rejects.toThrow('broken off');
      expect(await readFile(path)).toEqual(Buffer.concat([Buffer.from([0, 255]), Buffer.from('rest')]));
      expect(await readdir(folder)).toEqual(['file']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
