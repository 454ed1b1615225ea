import { extract, type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { convertWhiteouts } from './convert-whiteouts.js';

type Entry = [header: Partial<Header>, content?: string];

async function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const packing = pack();
  for (const [header, content = ''] of entries) packing.entry(header as Header, content);
  packing.finalize();
  const parts: Buffer[] = [];
  for await (const part of packing) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** In pieces of a length, as a network or a decompressor would give it. */
async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function convert(bytes: Buffer, length = 1_000): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of convertWhiteouts(pieces(bytes, length))) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function list(bytes: Buffer) {
  const reading = extract();
  reading.end(bytes);
  const found: {
    name: string;
    type: string | null | undefined;
    content: string;
    opaque?: string;
    mode?: number | undefined;
  }[] = [];
  for await (const entry of reading) {
    let content = '';
    for await (const part of entry) content += (part as Buffer).toString();
    const { name, type, pax, mode } = entry.header;
    const opaque = (pax as Record<string, string> | undefined)?.['SCHILY.xattr.trusted.overlay.opaque'];
    found.push({ name, type, content, ...(opaque === undefined ? {} : { opaque, mode }) });
  }
  return found;
}

const LONG = `${'deep/'.repeat(30)}file`;

describe('convertWhiteouts', () => {
  it.each([1, 511, 512, 513, 100_000])('passes on everything else byte for byte, in pieces of %i', async (length) => {
    const bytes = await archiveOf([
      [{ name: 'etc/', type: 'directory', mode: 0o700 }],
      [{ name: 'etc/a' }, 'x'.repeat(1_500)],
      [{ name: 'b', type: 'symlink', linkname: 'etc/a' }],
      [{ name: LONG }, 'long'],
      [{ name: 'ü', pax: { 'SCHILY.xattr.user.a': 'b' } }, 'z'],
      [{ name: 'wh.a', type: 'link', linkname: 'b' }],
    ]);
    expect((await convert(bytes, length)).equals(bytes)).toBe(true);
  });

  it('makes devices of what hides, and an attribute of what hides everything', async () => {
    const bytes = await archiveOf([
      [{ name: 'etc/', type: 'directory', mode: 0o750 }],
      [{ name: 'etc/.wh.gone' }],
      [{ name: 'etc/.wh..wh..opq' }],
      [{ name: './.wh.top' }],
      [{ name: `${LONG.slice(0, -4)}.wh.file` }],
      [{ name: '.wh..wh.plnk', type: 'directory' }],
      [{ name: 'etc/new' }, 'new'],
    ]);
    expect(await list(await convert(bytes))).toEqual([
      { name: 'etc/', type: 'directory', content: '' },
      { name: 'etc/gone', type: 'character-device', content: '' },
      { name: 'etc/', type: 'directory', content: '', opaque: 'y', mode: 0o750 },
      { name: 'top', type: 'character-device', content: '' },
      { name: LONG, type: 'character-device', content: '' },
      { name: 'etc/new', type: 'file', content: 'new' },
    ]);
  });

  it('drops what a whiteout holds', async () => {
    const bytes = await archiveOf([
      [{ name: '.wh.a' }, 'x'.repeat(700)],
      [{ name: 'b' }, 'b'],
    ]);
    expect((await list(await convert(bytes))).map(({ name, content }) => [name, content])).toEqual([['a', ''], ['b', 'b']]); // biome-ignore format: short
  });

  it.each(['.wh.', 'a/.wh..', '.wh...'])('refuses %j', async (name) => {
    await expect(convert(await archiveOf([[{ name }]]))).rejects.toThrow('it hides');
  });

  it('refuses an entry with endless headers before it holds them all', async () => {
    const extra = (await archiveOf([[{ name: 'ü' }]])).subarray(0, 1_024);
    let taken = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (; taken < 10_000; taken++) yield extra;
    }
    const all = async () => {
      for await (const _ of convertWhiteouts(endless()));
    };
    await expect(all()).rejects.toThrow('it has an entry with headers of');
    expect(taken).toBeLessThan(1_100);
  });

  it('refuses a name that no Linux takes', async () => {
    const named = async (name: string) => convert(await archiveOf([[{ name, type: 'directory' }]]));
    await expect(named('ü'.repeat(2_049))).rejects.toThrow('it has a name of 4098 bytes');
    await expect(named('ü'.repeat(2_048))).resolves.toBeDefined();
  });

  it('does not hold on to every folder of a layer', async () => {
    const archives = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        archiveOf([[{ name: `${'a'.repeat(95)}${index}`, type: 'directory' }]]),
      ),
    );
    // Each round has the same hundred folders in another one.
    async function* layer(): AsyncGenerator<Buffer> {
      for (let round = 0; round < 400; round++) {
        for (const archive of archives) {
          const block = Buffer.from(archive.subarray(0, 512));
          block.write(String(round).padStart(4, '0'), 0, 'latin1');
          yield block;
        }
      }
      yield (await archiveOf([[{ name: `0000${'a'.repeat(91)}0/.wh..wh..opq` }]])).subarray(0, 1_536);
    }
    const all = async () => {
      for await (const _ of convertWhiteouts(layer()));
    };
    await expect(all()).rejects.toThrow('it says too late that the folder');
  });

  it('passes on an archive that breaks off, for tar to say so', async () => {
    const bytes = (await archiveOf([[{ name: 'a' }, 'x'.repeat(1_500)]])).subarray(0, 900);
    expect((await convert(bytes)).equals(bytes)).toBe(true);
  });
});
