import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { FetchItem } from '../fetch-item.js';
import { askHttp } from './http.source.js';

/** Bytes that can be read, once. */
export interface OpenSource {
  /** Undefined when it does not tell. */
  readonly sizeBytes?: number;
  readonly body: Readable;
}

/** @throws with what is wrong: `HTTP 404`, `no such file` */
export async function openSource(source: FetchItem['source'], stallTimeoutMs: number): Promise<OpenSource> {
  if (source.kind === 'http') return askHttp('GET', source, stallTimeoutMs);
  // A pipe would wait for a writer.
  const file = await open(source.path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw new Error(readable(error), { cause: error });
  });
  const stats = await file.stat();
  if (stats.isFile()) return { sizeBytes: stats.size, body: file.createReadStream() };
  await file.close();
  throw new Error(stats.isDirectory() ? 'is a folder' : 'is no plain file');
}

/** Size of a source; undefined when it does not tell. @throws as `openSource` */
export async function sizeOfSource(source: FetchItem['source'], stallTimeoutMs: number): Promise<number | undefined> {
  const { sizeBytes, body } =
    source.kind === 'http' ? await askHttp('HEAD', source, stallTimeoutMs) : await openSource(source, stallTimeoutMs);
  body.destroy();
  return sizeBytes;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: "the task's user may not read it",
  EPERM: "the task's user may not read it",
};

const readable = (error: unknown): string =>
  WORDS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
