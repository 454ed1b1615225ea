import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import type { FetchItem } from './fetch-item.js';
import type { Downloaded, DownloadLimits, DownloadProgress, FetchWorker } from './fetch-worker.port.js';
import { download, isIntact } from './download.js';
import { openSource, sizeOfSource } from './source/open-source.js';
import { unpack } from './unpack/unpack.js';

const EXECUTABLE_MODE = 0o755;

/** Fetches in this process, with its rights. */
export class LocalFetchWorker implements FetchWorker {
  sizeOf(source: FetchItem['source'], { stallTimeoutMs }: DownloadLimits): Promise<number | undefined> {
    return sizeOfSource(source, stallTimeoutMs);
  }

  async download(
    source: FetchItem['source'],
    file: string,
    limits: DownloadLimits,
    onProgress: (progress: DownloadProgress) => void,
  ): Promise<Downloaded> {
    await mkdir(dirname(file), { recursive: true });
    return download(await openSource(source, limits.stallTimeoutMs), file, limits, onProgress);
  }

  isIntact(file: string, expected: Downloaded): Promise<boolean> {
    return isIntact(file, expected);
  }

  /** @source Mesos 1.11: an archive that comes from the cache is not copied into the sandbox */
  async place(file: string, item: FetchItem, sandbox: string, { maxBytes }: DownloadLimits): Promise<void> {
    const target = join(sandbox, item.name);
    if (item.unpack !== undefined) return unpack(file, item, item.unpack, sandbox, maxBytes);
    if (normalize(file) !== normalize(target)) await copyTo(file, target);
    if (item.isExecutable) await chmod(target, EXECUTABLE_MODE);
  }

  async note(sandbox: string, line: string): Promise<void> {
    // Not followed if it is a link: the sandbox is its task's to change.
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const file = await open(join(sandbox, 'stderr'), flags, 0o644);
    try {
      await file.write(`${line}\n`);
    } finally {
      await file.close();
    }
  }

  close(): void {
    // Nothing is left: what is under way ends by itself.
  }
}

async function copyTo(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const partial = join(dirname(target), `.${basename(target)}.part`);
  try {
    await rm(partial, { force: true });
    await copyFile(file, partial, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
