import { ImageError } from '../image.errors.js';
import { KnownFolders } from './known-folders.js';
import { BLOCK, isZero, paddingOf, readHeader, readPax, type TarHeader, writeEntry } from './tar-header.js';

/** Longest headers beyond the entry's own, all of one entry together: names and attributes. */
const MAX_EXTRA_BYTES = 1024 * 1024;

/** Longest name that Linux takes. */
const MAX_NAME_BYTES = 4096;

/** What ends an archive. */
const END = Buffer.alloc(2 * BLOCK);

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** The attribute by which overlayfs knows that nothing below a folder is to be seen. */
const OPAQUE_ATTRIBUTE = { 'SCHILY.xattr.trusted.overlay.opaque': 'y' };

/**
 * Turns what a layer says of the layers below it into what overlayfs understands: `.wh.NAME` into a character device 0/0 called NAME,
 * `.wh..wh..opq` into an attribute of its folder. Everything else is passed on byte for byte.
 *
 * @param archive a tar archive, not compressed. @throws ImageError bad-layer
 * @source OCI image-spec 1.1: layer, whiteouts; Linux: overlayfs
 */
export async function* convertWhiteouts(archive: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new BlockReader(archive);
  /** What folders are like: an entry that makes one opaque says it all once more. */
  const folders = new KnownFolders();
  /** Headers before the entry's own, as they came. */
  let before: Buffer[] = [];
  let beforeBytes = 0;
  let named: { path?: string; sizeBytes?: number } = {};
  for (;;) {
    const block = await input.take(BLOCK);
    if (block.length === BLOCK && isZero(block)) {
      // Whoever unpacks may stop to read here: what fills the archive up is taken before that, for its digest.
      for await (const _ of input.rest());
      yield END;
      return;
    }
    if (block.length < BLOCK) {
      yield block;
      return;
    }
    const header = readHeader(block);
    if (isExtra(header.type)) {
      const body = await takeExtra(input, header, beforeBytes);
      before.push(block, body);
      beforeBytes += block.length + body.length;
      named = { ...named, ...readExtra(header, body) };
      continue;
    }
    const name = named.path ?? header.name;
    const nameBytes = Buffer.byteLength(name);
    if (nameBytes > MAX_NAME_BYTES) throw new ImageError('bad-layer', `it has a name of ${nameBytes} bytes`);
    const sizeBytes = hasBody(header.type) ? (named.sizeBytes ?? header.sizeBytes) : 0;
    const length = sizeBytes + paddingOf(sizeBytes);
    const { folder, base } = split(name);
    if (base.startsWith(WHITEOUT)) {
      for await (const _ of input.pass(length));
      const converted = convert(folder, base, header, folders);
      if (converted !== undefined) yield converted;
    } else {
      if (header.type === '5') folders.add(join(folder, base), header);
      yield* before;
      yield block;
      yield* input.pass(length);
    }
    before = [];
    beforeBytes = 0;
    named = {};
  }
}

function convert(
  folder: string,
  base: string,
  header: TarHeader,
  folders: Pick<KnownFolders, 'like'>,
): Buffer | undefined {
  if (base === OPAQUE) {
    const like = folders.like(folder) ?? { ...header, mode: 0o755 };
    return writeEntry({ ...like, type: '5', name: folder === '' ? './' : `${folder}/` }, OPAQUE_ATTRIBUTE);
  }
  const hidden = base.slice(WHITEOUT.length);
  // Other notes of aufs mean nothing here.
  if (hidden.startsWith(WHITEOUT)) return undefined;
  if (hidden === '' || hidden === '.' || hidden === '..')
    throw new ImageError('bad-layer', `it hides '${join(folder, hidden)}'`);
  return writeEntry({ ...header, type: '3', mode: 0, name: join(folder, hidden) });
}

const isExtra = (type: string): boolean => type === 'x' || type === 'L' || type === 'K';

/** Links have sizes in some archives, and no content. */
const hasBody = (type: string): boolean => !'123456'.includes(type);

/** @param beforeBytes of what the same entry has before it */
async function takeExtra(input: BlockReader, { sizeBytes }: TarHeader, beforeBytes: number): Promise<Buffer> {
  const bytes = beforeBytes + BLOCK + sizeBytes;
  if (bytes > MAX_EXTRA_BYTES) throw new ImageError('bad-layer', `it has an entry with headers of ${bytes} bytes`);
  return input.take(sizeBytes + paddingOf(sizeBytes));
}

function readExtra({ type, sizeBytes }: TarHeader, body: Buffer): { path?: string; sizeBytes?: number } {
  const content = body.subarray(0, sizeBytes);
  if (type === 'L') return { path: content.toString('utf8').replace(/\0.*$/su, '') };
  return type === 'x' ? readPax(content) : {};
}

function split(name: string): { readonly folder: string; readonly base: string } {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return { folder: parts.slice(0, -1).join('/'), base: parts.at(-1) ?? '' };
}

const join = (folder: string, base: string): string => (folder === '' ? base : `${folder}/${base}`);

/** Takes a stream apart into pieces of given lengths. */
class BlockReader {
  private readonly source: AsyncIterator<Buffer>;
  private held = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** @returns fewer bytes only at the end */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    for await (const part of this.pass(missing)) {
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** As much, in pieces as they come. */
  async *pass(length: number): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0; ) {
      if (this.held.length === 0 && !(await this.more())) return;
      const part = this.held.subarray(0, missing);
      this.held = this.held.subarray(part.length);
      missing -= part.length;
      yield part;
    }
  }

  rest(): AsyncGenerator<Buffer> {
    return this.pass(Number.POSITIVE_INFINITY);
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.source.next();
    if (done === true) return false;
    this.held = value as Buffer<ArrayBuffer>;
    return true;
  }
}
