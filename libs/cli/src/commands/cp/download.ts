import { basename, join } from 'node:path';
import { unreachable } from '../../api/http-exchange.js';
import type { CliContext } from '../../cli-context.js';
import { FailedError, RefusedError } from '../../cli.errors.js';
import { kindOf, makeFolder, saveFile, setTraits } from '../../local-files.js';
import { filesPath, findTarget } from '../fs/sandbox-target.js';
import { CopyProgress } from './copy-progress.js';
import { findRemote, type RemoteEntry, walkRemote } from './remote-tree.js';

/** Files that are on their way at a time: small ones are mostly waited for. */
const AT_A_TIME = 4;

/** What was copied. */
export interface Copied {
  readonly from: string;
  readonly to: string;
  readonly files: number;
  readonly bytes: number;
  /** What was left out, and why. */
  readonly skipped: readonly string[];
}

/**
 * Copies a file or folder of a sandbox to this machine, with permissions and times.
 *
 * A link to a file becomes the file; other links, and what is neither file nor folder, are left out.
 *
 * @throws NotFoundError, FailedError when here is something else in the way
 */
export async function download(context: CliContext, remote: string, local: string): Promise<Copied> {
  const { api } = context;
  const root = await findRemote(api, await findTarget(api, remote));
  const target = await placeFor(root, local);
  const entries: RemoteEntry[] = [];
  for await (const entry of walkRemote(api, root)) entries.push(entry);
  const folders = entries.filter(({ kind }) => kind === 'folder');
  const skipped = context.flags.dryRun ? unfit(entries) : await fetchAll(context, entries, target);
  const files = entries.length - folders.length - skipped.length;
  return { from: remote, to: target, files, bytes: sum(entries), skipped };
}

/** @returns what was left out, and why */
async function fetchAll(context: CliContext, entries: readonly RemoteEntry[], target: string): Promise<string[]> {
  const progress = new CopyProgress(context, basename(target), sum(entries));
  const skipped: string[] = [];
  const folders = entries.filter(({ kind }) => kind === 'folder');
  try {
    for (const folder of folders) await makeFolder(join(target, ...folder.path));
    const rest = entries.filter(({ kind }) => kind !== 'folder');
    await atATime(rest, async (entry) => {
      const why = await fetchEntry(context, entry, join(target, ...entry.path), progress);
      if (why !== undefined) skipped.push(`${entry.source.path}: ${why}`);
    });
    // Innermost first: what is put into a folder changes its time, and may not be allowed any more.
    for (const folder of folders.toReversed()) {
      if (folder.mtimeMs > 0) await setTraits(join(target, ...folder.path), folder);
    }
  } finally {
    progress.clear();
  }
  return skipped;
}

const NO_FILE = 'neither file nor folder';

/** What is seen to be left out without fetching it. */
const unfit = (entries: readonly RemoteEntry[]): string[] =>
  entries.filter(({ kind }) => kind === 'other').map(({ source }) => `${source.path}: ${NO_FILE}`);

/** A folder that is there takes it under its own name; otherwise the path is its new name. */
async function placeFor(root: RemoteEntry, local: string): Promise<string> {
  const kind = await kindOf(local);
  const name = basename(root.source.path);
  const target = kind === 'folder' && name !== '' ? join(local, name) : local;
  if (local.endsWith('/') && kind !== 'folder') throw new FailedError(`there is no folder ${local}`);
  const there = await kindOf(target);
  if (there !== undefined && there !== root.kind) {
    throw new FailedError(`${target} is there already, and no ${root.kind}`);
  }
  return target;
}

/** @returns why it was left out */
async function fetchEntry(
  { api }: CliContext,
  { source, kind, mode, mtimeMs }: RemoteEntry,
  target: string,
  progress: CopyProgress,
): Promise<string | undefined> {
  if (kind === 'other') return NO_FILE;
  const { task, path } = source;
  try {
    const body = await api.stream(filesPath(task, 'download'), { path, frameworkId: task.frameworkId });
    const traits = kind === 'link' || mtimeMs === 0 ? undefined : { mode, mtimeMs };
    await saveFile(target, progress.counting(whole(body, api.url)), traits);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return error.status === 404 ? 'gone meanwhile, or a link to nothing' : `a link to a folder, or out of the sandbox`;
  }
}

/** The bytes of an answer. @throws ClusterUnreachableError when it breaks off */
async function* whole(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unreachable(url, error);
  }
}

async function atATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

const sum = (entries: readonly RemoteEntry[]): number => entries.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
