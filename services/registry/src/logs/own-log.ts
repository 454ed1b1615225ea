import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { MAX_READ_BYTES, readBytes, readChunk, type Chunk, type ReadRequest } from '@tranche/http';

/** Under which the log is read. @source classic endpoints §4 */
export const LOG_PATH = '/master/log';

export interface LogPart {
  /** Of the whole file. */
  readonly sizeBytes: number;
  readonly bytes: Buffer;
}

/** The file that this process's output goes to, where it is known. There is nothing else to read. */
export class OwnLog {
  /** @param file undefined: it goes to nobody knows where */
  constructor(readonly file: string | undefined) {}

  /** Whether a path names it; slashes at its end do not matter. */
  isAt(path: string): boolean {
    return this.file !== undefined && path.replace(/(?<=.)\/+$/, '') === LOG_PATH;
  }

  /** @returns undefined when it is not there (any more) */
  bytes(request: ReadRequest): Promise<LogPart | undefined> {
    return this.withFile(async (file, sizeBytes) => ({ sizeBytes, bytes: await readBytes(file, sizeBytes, request) }));
  }

  /** As text, without a character that the limit would cut in two. */
  text(request: ReadRequest): Promise<Chunk | undefined> {
    return this.withFile((file, sizeBytes) => readChunk(file, sizeBytes, request));
  }

  /** The whole file as it is now, a part at a time. */
  async *whole(sizeBytes: number): AsyncGenerator<Buffer> {
    for (let offset = 0; offset < sizeBytes; offset += MAX_READ_BYTES) {
      const part = await this.bytes({ offset, length: Math.min(MAX_READ_BYTES, sizeBytes - offset) });
      if (part === undefined || part.bytes.length === 0) return;
      yield part.bytes;
    }
  }

  private async withFile<T>(use: (file: FileHandle, sizeBytes: number) => Promise<T>): Promise<T | undefined> {
    let file: FileHandle;
    try {
      file = await open(this.file ?? '', constants.O_RDONLY | constants.O_NONBLOCK);
    } catch {
      return undefined;
    }
    try {
      return await use(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  }
}
