import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { gunzippedName, type FetchItem, type UnpackKind } from '../fetch-item.js';
import { ArchiveWriter } from './archive-writer.js';
import { unpackTar } from './tar.unpacker.js';
import { unpackZip } from './zip.unpacker.js';

/**
 * Takes a fetched file apart into the sandbox: an archive's entries go to its top, a compressed file's content beside where it belongs.
 *
 * @throws with what is wrong; what was written until then stays
 */
export async function unpack(
  file: string,
  { name }: Pick<FetchItem, 'name'>,
  kind: UnpackKind,
  sandbox: string,
  maxBytes: number,
): Promise<void> {
  const writer = new ArchiveWriter(sandbox, maxBytes);
  switch (kind) {
    case 'tar':
      return unpackTar(file, writer, 'none');
    case 'tar.gz':
      return unpackTar(file, writer, 'gzip');
    case 'tar.bz2':
      return unpackTar(file, writer, 'bzip2');
    case 'tar.xz':
      return unpackTar(file, writer, 'xz');
    case 'zip':
      return unpackZip(file, writer);
    case 'gunzip':
      return gunzip(file, gunzippedName(name), writer);
  }
}

async function gunzip(file: string, name: string, writer: ArchiveWriter): Promise<void> {
  const source = createReadStream(file);
  const content = createGunzip();
  source.on('error', (error) => content.destroy(error)).pipe(content);
  try {
    await writer.file(name, content, {});
  } finally {
    source.destroy();
  }
}
