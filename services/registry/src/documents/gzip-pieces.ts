import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, type ZlibOptions } from 'node:zlib';
import { crc32Combine } from './crc32-combine.js';

/** Compresses one piece. */
type Deflate = (piece: Buffer, options: ZlibOptions) => Promise<Buffer>;

const deflateInThread: Deflate = promisify(deflateRaw);

interface Deflated {
  readonly bytes: Buffer;
  readonly crc: number;
}

/** Of pieces that are still used: each is compressed once, however many read it. */
const deflated = new WeakMap<Buffer, Promise<Deflated>>();

/** Compressed at a time: others need the threads, too. */
const AHEAD = 3;

/** Magic number, deflate, no flags, no time, no extra flags, unknown system. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** A last block without content. */
const LAST_BLOCK = Buffer.from([3, 0]);

function deflatedOf(piece: Buffer, deflate: Deflate): Promise<Deflated> {
  let found = deflated.get(piece);
  if (found === undefined) {
    // A full flush ends at a byte, and nothing that follows refers to what is before it: pieces can stand in any row.
    const options = { finishFlush: constants.Z_FULL_FLUSH, level: constants.Z_BEST_SPEED };
    found = deflate(piece, options).then((bytes) => ({ bytes, crc: crc32(piece) }));
    deflated.set(piece, found);
    // Whoever waits for it learns why; the next to read the piece tries again.
    found.catch(() => deflated.delete(piece));
  }
  return found;
}

/**
 * Pieces in a row as one gzip member, each compressed by itself and kept as long as the piece is: who polls a document of which little
 * has changed costs the compression of that little.
 *
 * @throws what kept a piece from being compressed: out of memory
 */
export async function* gzipOf(pieces: readonly Buffer[], deflate: Deflate = deflateInThread): AsyncGenerator<Buffer> {
  yield HEAD;
  let crc = 0;
  let sizeBytes = 0;
  for (const [at, piece] of pieces.entries()) {
    for (const next of pieces.slice(at + 1, at + 1 + AHEAD)) void deflatedOf(next, deflate).catch(() => undefined);
    const one = await deflatedOf(piece, deflate);
    crc = crc32Combine(crc, one.crc, piece.length);
    sizeBytes += piece.length;
    yield one.bytes;
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc, 0);
  tail.writeUInt32LE(sizeBytes % 2 ** 32, 4);
  yield Buffer.concat([LAST_BLOCK, tail]);
}
