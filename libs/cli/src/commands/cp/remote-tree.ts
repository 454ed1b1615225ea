import type { ApiClient } from '../../api/api-client.js';
import { FailedError, NotFoundError, RefusedError } from '../../cli.errors.js';
import { baseName, browse, type BrowseEntry, filesPath, type SandboxTarget } from '../fs/sandbox-target.js';

/** Something in a sandbox. */
export interface RemoteEntry {
  /** In the sandbox. */
  readonly source: SandboxTarget;
  /** Below what was asked for; empty for that itself. */
  readonly path: readonly string[];
  readonly kind: 'folder' | 'file' | 'link' | 'other';
  readonly sizeBytes: number;
  readonly mode: number;
  /** 0 where neither this nor the mode is known. */
  readonly mtimeMs: number;
}

const KINDS: Readonly<Record<string, RemoteEntry['kind']>> = { d: 'folder', '-': 'file', l: 'link' };

/**
 * What a path in a sandbox is. Of a link, what it leads to.
 *
 * @throws NotFoundError when there is nothing
 */
export async function findRemote(api: ApiClient, source: SandboxTarget): Promise<RemoteEntry> {
  const found = await lookUp(api, source);
  if (found !== undefined) return found;
  throw new NotFoundError(`${source.task.name} has no ${source.path}`, [`try: tranche fs ls ${source.task.name}`]);
}

/** @returns undefined when there is nothing */
export async function lookUp(api: ApiClient, source: SandboxTarget): Promise<RemoteEntry | undefined> {
  const parts = source.path.split('/').filter((part) => part !== '' && part !== '.');
  const name = parts.pop();
  const plain = { source, path: [], mode: 0o755, mtimeMs: 0, sizeBytes: 0 };
  if (name === undefined) return { ...plain, kind: 'folder' };
  const listed = await browse(api, { ...source, path: parts.join('/') }).catch(nothingFor404);
  const entry = listed?.find((candidate) => baseName(candidate) === name);
  if (entry === undefined) return undefined;
  const found = entryOf(entry, source, []);
  return found.kind === 'link' ? { ...plain, kind: await kindOfTarget(api, source) } : found;
}

/** All that a folder of a sandbox holds, each before what it holds itself; links are not followed. */
export async function* walkRemote(api: ApiClient, folder: RemoteEntry): AsyncGenerator<RemoteEntry> {
  yield folder;
  if (folder.kind !== 'folder') return;
  for (const listed of await browse(api, folder.source)) {
    const name = checkName(baseName(listed));
    const { task, path } = folder.source;
    const source = { task, path: path === '' ? name : `${path}/${name}` };
    yield* walkRemote(api, entryOf(listed, source, [...folder.path, name]));
  }
}

function entryOf(listed: BrowseEntry, source: SandboxTarget, path: readonly string[]): RemoteEntry {
  const kind = KINDS[listed.mode.charAt(0)] ?? 'other';
  return {
    source,
    path,
    kind,
    sizeBytes: kind === 'file' ? listed.size : 0,
    mode: modeOf(listed.mode),
    mtimeMs: listed.mtime * 1000,
  };
}

/** An agent is believed when it says what is in a folder, but not that it is outside of it. */
function checkName(name: string): string {
  if (name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)) return name;
  throw new FailedError(`the agent lists a file with the name ${JSON.stringify(name)}`, ['nothing of it was copied']);
}

/** Permissions of `-rw-r--r--`; set-user-id and the like stay behind with their users. */
export function modeOf(text: string): number {
  return text
    .slice(1, 10)
    .split('')
    .reduce((mode, letter) => mode * 2 + (/[-ST]/.test(letter) ? 0 : 1), 0);
}

/** Where a link in a sandbox leads to. */
async function kindOfTarget(api: ApiClient, { task, path }: SandboxTarget): Promise<RemoteEntry['kind']> {
  try {
    (await api.stream(filesPath(task, 'download'), { path, frameworkId: task.frameworkId })).destroy();
    return 'file';
  } catch (error) {
    if (error instanceof RefusedError && /directory/.test(error.message)) return 'folder';
    throw error;
  }
}

function nothingFor404(error: unknown): undefined {
  if (error instanceof RefusedError && error.status === 404) return undefined;
  throw error;
}
