import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { BadArchiveError } from '../fetcher.errors.js';
import type { ArchiveWriter } from './archive-writer.js';

/** High half of the external attributes: the mode of stat(2), when the archive was made on a Unix system. */
const MADE_ON_UNIX = 3;
const FILE_TYPE = 0o170_000;
const SYMLINK = 0o120_000;
/** No link is longer: PATH_MAX. */
const MAX_LINK_BYTES = 4096;

/** @throws BadArchiveError, or an error with the library's words for what is broken */
export async function unpackZip(file: string, writer: ArchiveWriter): Promise<void> {
  const archive = await openPromise(file, { lazyEntries: true });
  try {
    for await (const entry of archive.eachEntry()) await write(archive, entry, writer);
  } finally {
    archive.close();
  }
}

async function write(archive: ZipFile, entry: Entry, writer: ArchiveWriter): Promise<void> {
  const { fileName: name } = entry;
  if (entry.isEncrypted()) throw new BadArchiveError(`holds ${name}, which is encrypted`);
  const mode = entry.versionMadeBy >> 8 === MADE_ON_UNIX ? entry.externalFileAttributes >>> 16 : 0;
  const facts = { ...((mode & 0o777) === 0 ? {} : { mode }), modifiedAt: entry.getLastModDate() };
  if (name.endsWith('/')) return writer.folder(name, facts);
  const content = Readable.from(verified(await archive.openReadStreamPromise(entry), entry), { objectMode: false });
  if ((mode & FILE_TYPE) !== SYMLINK) return writer.file(name, content, facts);
  if (entry.uncompressedSize > MAX_LINK_BYTES) throw new BadArchiveError(`holds the link ${name}, which is too long`);
  return writer.symlink(name, await text(content));
}

/** The library checks lengths; the checksum is left to its users. */
async function* verified(content: Readable, entry: Entry): AsyncGenerator<Buffer> {
  let checksum = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (checksum !== entry.crc32) throw new BadArchiveError(`holds ${entry.fileName}, whose checksum is wrong`);
}
