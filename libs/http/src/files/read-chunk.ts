import type { FileHandle } from 'node:fs/promises';

/** Mesos reads at most 16 pages at a time. */
export const MAX_READ_BYTES = 65_536;

export interface ReadRequest {
  /** Undefined: only the file's size is asked for. */
  readonly offset?: number;
  /** Undefined: as far as the limit goes. */
  readonly length?: number;
}

export interface Chunk {
  readonly offset: number;
  readonly data: string;
}

/** Reads a part of a file as it is. @returns at most what the limit allows; nothing beyond the file's end */
export async function readBytes(file: FileHandle, sizeBytes: number, request: ReadRequest): Promise<Buffer> {
  const offset = request.offset ?? sizeBytes;
  const wanted = Math.min(request.length ?? MAX_READ_BYTES, MAX_READ_BYTES, Math.max(0, sizeBytes - offset));
  if (wanted === 0) return Buffer.alloc(0);
  const buffer = Buffer.alloc(wanted);
  const { bytesRead } = await file.read(buffer, 0, wanted, offset);
  return buffer.subarray(0, bytesRead);
}

/**
 * Reads a part of a text file as `/files/read` answers it.
 *
 * A character that the limit would cut in two is left to the next read; bytes that are no UTF-8 become replacement characters.
 *
 * @source classic endpoints: files
 */
export async function readChunk(file: FileHandle, sizeBytes: number, request: ReadRequest): Promise<Chunk> {
  const offset = request.offset ?? sizeBytes;
  const bytes = await readBytes(file, sizeBytes, request);
  const isCut = offset + bytes.length < sizeBytes;
  return { offset, data: (isCut ? wholeCharacters(bytes) : bytes).toString() };
}

/** Without the first bytes of a character whose rest is missing; a piece of a single character stays as it is. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back < bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
